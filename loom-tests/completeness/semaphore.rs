//! A reader-writer semaphore, for the enumerator.

use super::language::Action;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    Read,
    Write,
}

impl Mode {
    /// What an operation may have to wait for.
    pub(super) fn of(action: Action) -> Option<Self> {
        match action {
            Action::DownRead => Some(Self::Read),
            Action::DownWrite => Some(Self::Write),
            Action::TryRead | Action::Up | Action::Downgrade => None,
        }
    }
}

/// The threads that hold it, each once for each guard, and those in its queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Semaphore {
    holders: Vec<(usize, Mode)>,
    queue: Vec<(usize, Mode)>,
}

impl Semaphore {
    /// Whether no holder excludes it.
    pub(super) fn is_free_for(&self, mode: Mode) -> bool {
        match mode {
            Mode::Read => self.holders.iter().all(|(_, held)| *held == Mode::Read),
            Mode::Write => self.holders.is_empty(),
        }
    }

    pub(super) fn is_queue_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether a thread that had joined the queue is in it no longer.
    pub(super) fn is_granted(&self, thread: usize) -> bool {
        self.queue.iter().all(|(queued, _)| *queued != thread)
    }

    /// Takes it, or joins the queue if it is fair. Whether the thread has it.
    pub(super) fn take(&mut self, thread: usize, mode: Mode, fair: bool) -> bool {
        let has = !fair || (self.is_free_for(mode) && self.queue.is_empty());
        if has {
            self.hold(thread, mode);
        } else {
            self.queue.push((thread, mode));
        }
        has
    }

    fn hold(&mut self, thread: usize, mode: Mode) {
        self.holders.push((thread, mode));
        // In no order: two states with the same holders are one.
        self.holders.sort_by_key(|(holder, _)| *holder);
    }

    /// Gives a hold back.
    pub(super) fn up(&mut self, thread: usize, mode: Mode) {
        let held = (self.holders.iter()).position(|holder| *holder == (thread, mode));
        self.holders.remove(held.expect("the thread holds it"));
        self.grant();
    }

    /// Makes a reader of the writer.
    pub(super) fn downgrade(&mut self, thread: usize) {
        self.holders = vec![(thread, Mode::Read)];
        self.grant();
    }

    fn grant(&mut self) {
        while let Some((thread, mode)) = self.queue.first().copied()
            && self.is_free_for(mode)
        {
            self.queue.remove(0);
            self.hold(thread, mode);
        }
    }

    /// The threads that have to act before a thread that waits gets it.
    pub(super) fn waits_for(&self, thread: usize, mode: Mode) -> Vec<usize> {
        let before = self
            .queue
            .iter()
            .take_while(|(queued, _)| *queued != thread);
        let all = self.holders.iter().chain(before);
        let in_the_way = all.filter(|(_, other)| mode == Mode::Write || *other == Mode::Write);
        let mut threads: Vec<usize> = in_the_way.map(|(other, _)| *other).collect();
        threads.sort_unstable();
        threads.dedup();
        threads
    }
}
