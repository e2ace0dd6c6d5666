//! Decoding of pictures in threads that nothing else waits for: half of the cores, a bounded number of pictures that wait, few
//! of one account.
use crate::{Error, work_slots::WorkSlots};
use std::sync::Arc;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Pictures that are decoded or wait for it.
const SLOTS: usize = 16;
/// The same of one account.
const OF_ONE_ACCOUNT: usize = 2;

/// The threads, and the slots before them.
pub(crate) struct DecodePool {
    running: Arc<Semaphore>,
    slots: WorkSlots,
}

impl DecodePool {
    /// A pool on a machine with so many cores.
    pub(crate) fn new(cores: usize) -> Self {
        let running = Arc::new(Semaphore::new((cores / 2).max(1)));
        Self { running, slots: WorkSlots::new(SLOTS, OF_ONE_ACCOUNT) }
    }

    /// Runs work on a picture of an account. The slot belongs to the work: a client that hangs up does not free it.
    ///
    /// # Errors
    /// [`Error::Busy`] at once where too many pictures wait.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        account: Uuid,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let slot = self.slots.take(account).ok_or(Error::Busy)?;
        let permit = self.running.clone().acquire_owned().await.map_err(|_| Error::Task)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = (slot, permit);
            work()
        });
        done.await.map_err(|_| Error::Task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn pictures_that_cannot_be_decoded_soon_are_refused_at_once() {
        let pool = Arc::new(DecodePool::new(2));
        let (release, wait) = mpsc::channel::<()>();
        let (began, begun) = tokio::sync::oneshot::channel();
        let own = pool.clone();
        let first = tokio::spawn(async move {
            own.run(Uuid::from_u128(1), move || {
                let _ = began.send(());
                wait.recv().unwrap_or(())
            })
            .await
        });
        begun.await.unwrap();
        let own = pool.clone();
        let mut second = tokio::spawn(async move { own.run(Uuid::from_u128(1), || ()).await });
        // It waits for the one thread, and a third of the same account is refused.
        assert!(tokio::time::timeout(std::time::Duration::from_millis(20), &mut second).await.is_err());
        assert!(matches!(pool.run(Uuid::from_u128(1), || ()).await, Err(Error::Busy)));
        drop(release);
        first.await.unwrap().unwrap();
        second.await.unwrap().unwrap();
        pool.run(Uuid::from_u128(1), || ()).await.unwrap();
    }
}
