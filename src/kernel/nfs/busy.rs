//! `PG_BUSY` of a page's NFS request: which thread holds it, and how a thread waits for it.

use super::NfsPage;
use super::rpc::{RPCIOD, Rpc, Rpcs};
use super::state::{Busy, Waited};
use crate::kernel::functions as f;
use crate::model::{Halt, InterruptibleWait, Task, Wait};

impl NfsPage {
    /// `nfs_lock_request_dontget`, under `req_lock`: sets `PG_BUSY` unless it is set. One step.
    /// Whether the request is for the whole page.
    #[track_caller]
    pub(super) fn try_busy(
        &self,
        task: &Task,
        generation: u8,
        who: &'static str,
    ) -> Result<Result<bool, Waited>, Halt> {
        task.step(&self.busy, f::NFS_LOCK_REQUEST, move |request| {
            if request.owner_of(generation).is_some() {
                return Err(Waited {
                    generation,
                    signalled: request.signalled,
                });
            }
            request.set_owner(generation, Some(who));
            Ok(request.whole)
        })
    }

    /// The same for a request that is new, and for the whole page.
    #[track_caller]
    pub(super) fn new_busy(
        &self,
        task: &Task,
        generation: u8,
        who: &'static str,
    ) -> Result<(), Halt> {
        task.step(&self.busy, f::NFS_LOCK_REQUEST, move |request| {
            request.set_owner(generation, Some(who));
            request.whole = true;
        })
    }

    /// The region of a request whose `PG_BUSY` this thread holds becomes the whole page. One step.
    #[track_caller]
    pub fn extend_request(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.busy, f::NFS_UPDATE_REQUEST, |request| {
            request.whole = true;
        })
    }

    /// `nfs_unlock_request`: clears `PG_BUSY` and wakes the waiters. One step. Whether it was set, as
    /// it has to be.
    #[track_caller]
    pub fn unlock_request(&self, task: &Task) -> Result<bool, Halt> {
        task.step(&self.busy, f::NFS_UNLOCK_REQUEST, |request| {
            request.set_last_owner(None)
        })
    }

    /// The same for a request that the page may no longer have, and by the RPC that rpciod has `answered`.
    #[track_caller]
    pub fn unlock_removed(
        &self,
        task: &Task,
        generation: u8,
        answered: Option<Rpc>,
    ) -> Result<bool, Halt> {
        task.step(&self.busy, f::NFS_UNLOCK_REQUEST, move |request| {
            request.answer = answered.map(Rpc::answer).or(request.answer);
            request.set_owner(generation, None)
        })
    }

    /// Whether a request is busy, as `nfs_wait_on_request` looks before it waits. One step.
    #[track_caller]
    pub fn is_busy(&self, task: &Task, generation: u8) -> Result<bool, Halt> {
        task.step(&self.busy, f::NFS_WAIT_ON_REQUEST, move |request| {
            request.owner_of(generation).is_some()
        })
    }

    /// The wait of `nfs_wait_on_request` that no signal ends: until the request is not busy. One step.
    #[track_caller]
    pub fn wait_on_request(&self, task: &Task, generation: u8) -> Result<(), Halt> {
        let wait = Wait::on(format!("request {}", self.index))
            .woken_by_owner(&self.busy, self.owner_now(generation));
        let free = move |request: &Busy| request.owner_of(generation).is_none();
        task.step_when(&self.busy, f::NFS_WAIT_ON_REQUEST, &wait, free, |_| ())
    }

    /// The same for the thread that the signal is for: until the request is not busy, or the signal is
    /// pending. No thread has to do anything for that, so the wait names no owner. One step.
    #[track_caller]
    pub fn wait_on_request_interruptible(
        &self,
        task: &Task,
        generation: u8,
    ) -> Result<InterruptibleWait, Halt> {
        task.wait_interruptible(
            &self.busy,
            f::NFS_WAIT_ON_REQUEST,
            &Wait::on(format!("request {}", self.index)),
            move |request| request.owner_of(generation).is_none(),
            |request| request.signalled,
        )
    }

    /// Who holds `PG_BUSY` of the page's request of a generation: the RPC engine if it is in an RPC, else the thread that
    /// set the bit.
    pub(super) fn owner_now(
        &self,
        generation: u8,
    ) -> impl Fn(&Busy) -> Option<&'static str> + Send + Sync + use<> {
        let (rpcs, page) = (self.rpcs.clone(), self.index);
        move |request| owner(&rpcs, page, request, generation)
    }

    /// The same for the page's last request.
    pub(super) fn last_owner_now(
        &self,
    ) -> impl Fn(&Busy) -> Option<&'static str> + Send + Sync + use<> {
        let (rpcs, page) = (self.rpcs.clone(), self.index);
        move |request| owner(&rpcs, page, request, request.last())
    }

    /// The thread that has to act for the page's writeback to end: that which has its request busy, or where requests
    /// are not busy for so long, the RPC engine.
    pub(super) fn writeback_owner_now(
        &self,
    ) -> impl Fn(&Busy) -> Option<&'static str> + Send + Sync + use<> {
        let (rpcs, page) = (self.rpcs.clone(), self.index);
        move |request| match rpcs.peek_will_end_writeback(page) {
            Some(is_asked) => is_asked.then_some(RPCIOD),
            None => owner(&rpcs, page, request, request.last()),
        }
    }

    /// The signal becomes pending for the thread that waits for this page's request. One step.
    #[track_caller]
    pub fn signal(&self, task: &Task) -> Result<(), Halt> {
        task.step(&self.busy, f::SEND_SIGNAL, |request| {
            request.signalled = true;
        })
    }
}

fn owner(rpcs: &Rpcs, page: usize, request: &Busy, generation: u8) -> Option<&'static str> {
    let owner = request.owner_of(generation)?;
    let replaced = request.replaces_busy(generation);
    let is_served = rpcs.peek_will_unlock(page, request.answer, replaced);
    Some(if is_served { RPCIOD } else { owner })
}
