//! The RPC engine: WRITEs and COMMITs that the server has not answered yet, and what they carry.

use super::state::{Busy, Start};
use crate::kernel::functions as f;
use crate::model::{Cell, Function, Halt, State, Task, Wait, Word, World};

/// The thread that completes RPCs.
pub const RPCIOD: &str = "rpciod";

/// An RPC under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rpc {
    /// Whether it is a COMMIT; else a WRITE.
    pub commit: bool,
    /// Whether the server puts the bytes of a WRITE on stable storage at once.
    pub stable: bool,
    /// A bit for each page, in ascending order of the index.
    pages: u8,
    /// Which of the answers it is, counted from 1; 0 before it is answered.
    answer: u8,
}

impl Rpc {
    /// Makes an RPC for some pages.
    #[must_use]
    pub fn new(commit: bool, stable: bool, pages: &[usize]) -> Self {
        Self {
            commit,
            stable,
            pages: pages.iter().fold(0, |bits, page| bits | 1 << page),
            answer: 0,
        }
    }

    pub(super) fn answer(self) -> u8 {
        self.answer
    }

    /// The pages, in ascending order.
    pub fn pages(&self) -> impl Iterator<Item = usize> + use<> {
        let bits = self.pages;
        (0..8).filter(move |page| bits & (1 << page) != 0)
    }
}

/// The RPCs under way, and what of the file's content none has carried. An RPC carries a page's content
/// as it is when it starts, or later.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct UnderWay {
    /// Those that the server has not answered.
    asked: Vec<Rpc>,
    /// The one that is being completed, until the next.
    answered: Option<Rpc>,
    /// The pages with bytes of `write(2)`, which a request covers from the start.
    written: u8,
    /// The pages with bytes stored through a mapping, which only a request for the whole page
    /// covers.
    stored: u8,
}

impl UnderWay {
    /// The RPCs that carry a page and that the server has not answered.
    fn asked(&self, page: usize) -> impl Iterator<Item = &Rpc> {
        (self.asked.iter()).filter(move |rpc| rpc.pages & (1 << page) != 0)
    }

    /// The RPC that carries a page and is being completed.
    fn answered(&self, page: usize) -> Option<&Rpc> {
        (self.answered.as_ref()).filter(|rpc| rpc.pages & (1 << page) != 0)
    }

    fn has(&self, page: usize) -> bool {
        self.asked(page).next().is_some() || self.answered(page).is_some()
    }
}

impl State for UnderWay {
    fn show(&self) -> String {
        let mut shown = Vec::new();
        for rpc in &self.asked {
            let pages: Vec<String> = rpc.pages().map(|page| page.to_string()).collect();
            let what = if rpc.commit { "COMMIT" } else { "WRITE" };
            shown.push(format!("{what}:{}", pages.join("+")));
        }
        let unsent = self.written | self.stored;
        if unsent != 0 {
            let pages = (0..8).filter(|page| unsent & (1 << page) != 0);
            let pages: Vec<String> = pages.map(|page: usize| page.to_string()).collect();
            shown.push(format!("unsent:{}", pages.join("+")));
        }
        shown.join(" ")
    }

    fn words(&self) -> Vec<Word> {
        let mut words = vec![
            Word::new("queue", &self.asked),
            Word::new("last answer", self.answered),
        ];
        for page in 0..8 {
            let has = |bits: u8| bits & (1 << page) != 0;
            words.push(Word::new(
                format!("written of page {page}"),
                has(self.written),
            ));
            words.push(Word::new(
                format!("stored of page {page}"),
                has(self.stored),
            ));
        }
        words
    }
}

/// The RPCs under way. The server answers, some time, and in the order in which it was asked.
#[derive(Debug, Clone)]
pub struct Rpcs {
    under_way: Cell<UnderWay>,
    /// Whether the completion of a WRITE unlocks the requests that it carries, as that of a COMMIT does.
    write_unlocks: bool,
}

impl Rpcs {
    /// The RPCs that the pages say are under way, one for each page.
    pub(super) fn new(world: &World, pages: &[Start], write_unlocks: bool) -> Self {
        let mut start = UnderWay {
            asked: Vec::new(),
            answered: None,
            written: 0,
            stored: 0,
        };
        for (index, page) in pages.iter().enumerate() {
            start.written |= u8::from(page.written) << index;
            start.stored |= u8::from(page.stored) << index;
            match page.request {
                Some(request) if page.busy == Busy::IN_RPC => {
                    let rpc = Rpc::new(request.need_commit, true, &[index]);
                    start.asked.push(rpc);
                }
                _ => {}
            }
        }
        // A model without RPCs need not have the thread that completes them.
        world.declare(&[], &[RPCIOD]);
        Self {
            under_way: world.cell("RPCs", start),
            write_unlocks,
        }
    }

    /// Whether the completion of a WRITE leaves its requests as they are: they were unlocked when they were queued.
    #[must_use]
    pub fn unlocked_early(&self) -> bool {
        !self.write_unlocks
    }

    /// `rpc_execute` of an asynchronous task: the request goes to the server. One step. `whole` are the
    /// pages whose requests cover all of them.
    #[track_caller]
    pub fn execute(&self, task: &Task, rpc: Rpc, whole: &[usize]) -> Result<(), Halt> {
        let whole = Rpc::new(false, false, whole).pages;
        task.step(&self.under_way, f::RPC_EXECUTE, move |under_way| {
            under_way.asked.push(rpc);
            if !rpc.commit {
                under_way.written &= !rpc.pages;
                under_way.stored &= !(rpc.pages & whole);
            }
        })
    }

    /// The server has not done a WRITE: the pages have bytes again that it does not have. One step.
    #[track_caller]
    pub fn failed(&self, task: &Task, rpc: Rpc) -> Result<(), Halt> {
        task.step(&self.under_way, f::NFS_WRITEBACK_DONE, move |under_way| {
            under_way.written |= rpc.pages;
        })
    }

    /// `write(2)` into a page. One step. Whether no bytes of the page were unsent before.
    #[track_caller]
    pub fn write(&self, task: &Task, page: usize) -> Result<bool, Halt> {
        task.step(&self.under_way, f::COPY_FROM_USER, move |under_way| {
            let bit = 1 << page;
            let all_sent = under_way.written & bit == 0;
            under_way.written |= bit;
            all_sent
        })
    }

    /// `write(2)` returns an error: its caller has been told, and nothing owes the bytes to the server. For a page of
    /// which no other bytes were unsent. One step of a property, not of the kernel.
    #[track_caller]
    pub fn write_refused(&self, task: &Task, page: usize) -> Result<(), Halt> {
        task.step(&self.under_way, f::NFS_FILE_WRITE, move |under_way| {
            under_way.written &= !(1 << page);
        })
    }

    /// A store through a mapping of a page. One step.
    #[track_caller]
    pub fn store(&self, task: &Task, page: usize) -> Result<(), Halt> {
        task.step(&self.under_way, f::DO_WP_PAGE, move |under_way| {
            under_way.stored |= 1 << page;
        })
    }

    /// Waits for the next answer. One step.
    #[track_caller]
    pub fn next(&self, task: &Task) -> Result<Rpc, Halt> {
        let wait = Wait::on("an answer of the server").for_work();
        task.step_when(
            &self.under_way,
            f::RPC_EXECUTE,
            &wait,
            |under_way| !under_way.asked.is_empty(),
            |under_way| {
                let last = under_way.answered.map_or(0, |last| last.answer);
                let answered = Rpc {
                    answer: last + 1,
                    ..under_way.asked.remove(0)
                };
                under_way.answered = Some(answered);
                answered
            },
        )
    }

    /// Whether a page's request is in an RPC. One step of a property, not of the kernel.
    #[track_caller]
    pub fn has(&self, task: &Task, function: Function, page: usize) -> Result<bool, Halt> {
        task.step(&self.under_way, function, move |under_way| {
            under_way.has(page)
        })
    }

    /// Whether rpciod is the thread that unlocks the request of a page, for an owner's closure. The request was
    /// unlocked by the answer `last` last: an answer is there until rpciod takes the next one, and the request may be
    /// locked again by then.
    ///
    /// `replaced` is whether the page has had another request since, while the one before it is still busy: the RPC that is
    /// being completed carries the one before it.
    pub(super) fn peek_will_unlock(&self, page: usize, last: Option<u8>, replaced: bool) -> bool {
        let unlocks = |rpc: &&Rpc| rpc.commit || self.write_unlocks;
        self.under_way.peek(|under_way| {
            let answered = under_way.answered(page);
            let answered = answered.filter(|rpc| !replaced && last != Some(rpc.answer));
            under_way
                .asked(page)
                .chain(answered)
                .any(|rpc| unlocks(&rpc))
        })
    }

    /// Whether rpciod is the thread that ends the writeback of a page, for an owner's closure, in a design in which the
    /// completion of a WRITE does not unlock requests: whether its WRITE was not answered. `None` where it does unlock
    /// them: then it is the thread that unlocks the request.
    pub(super) fn peek_will_end_writeback(&self, page: usize) -> Option<bool> {
        (!self.write_unlocks).then(|| {
            self.under_way
                .peek(|under_way| under_way.asked(page).any(|rpc| !rpc.commit))
        })
    }

    /// Whether a page has content that no RPC has carried, from outside the program.
    #[track_caller]
    #[must_use]
    pub fn peek_unsent(&self, page: usize) -> bool {
        let bit = 1 << page;
        self.under_way
            .peek(|under_way| (under_way.written | under_way.stored) & bit != 0)
    }
}
