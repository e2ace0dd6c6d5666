//! Decoding of pictures in threads that nothing else waits for: half of the cores, a bounded number of pictures that wait, few
//! of one account.
use crate::Error;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Pictures that are decoded or wait for it.
const PLACES: usize = 16;
/// The same of one account.
const OF_ONE_ACCOUNT: usize = 2;

/// The places, and whose pictures are in them.
pub(crate) struct DecodePool {
    running: Arc<Semaphore>,
    accounts: Arc<Mutex<Vec<Uuid>>>,
}

/// A place, until it is dropped.
struct Place {
    accounts: Arc<Mutex<Vec<Uuid>>>,
    account: Uuid,
}
impl Drop for Place {
    fn drop(&mut self) {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = accounts.iter().position(|own| *own == self.account) {
            accounts.swap_remove(at);
        }
    }
}

impl DecodePool {
    /// A pool on a machine with so many cores.
    pub(crate) fn new(cores: usize) -> Self {
        Self { running: Arc::new(Semaphore::new((cores / 2).max(1))), accounts: Arc::default() }
    }

    fn place(&self, account: Uuid) -> Result<Place, Error> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let own = accounts.iter().filter(|own| **own == account).count();
        if accounts.len() >= PLACES || own >= OF_ONE_ACCOUNT {
            return Err(Error::Busy);
        }
        accounts.push(account);
        Ok(Place { accounts: self.accounts.clone(), account })
    }

    /// Runs work on a picture of an account. The place belongs to the work: a client that hangs up does not free it.
    ///
    /// # Errors
    /// [`Error::Busy`] at once where too many pictures wait.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        account: Uuid,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Error> {
        let place = self.place(account)?;
        let permit = self.running.clone().acquire_owned().await.map_err(|_| Error::Task)?;
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, permit);
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
    async fn one_account_takes_few_places_and_all_together_a_bounded_number() {
        let pool = Arc::new(DecodePool::new(2));
        let mut held = Vec::new();
        let start = |account: u128| {
            let (pool, (release, wait)) = (pool.clone(), mpsc::channel::<()>());
            let work =
                tokio::spawn(
                    async move { pool.run(Uuid::from_u128(account), move || wait.recv().unwrap_or(())).await },
                );
            (release, work)
        };
        let taken = || pool.accounts.lock().unwrap().len();
        for n in 0..PLACES {
            held.push(start((n / OF_ONE_ACCOUNT) as u128));
            while taken() <= n {
                tokio::task::yield_now().await;
            }
            if n == OF_ONE_ACCOUNT - 1 {
                assert!(matches!(pool.run(Uuid::from_u128(0), || ()).await, Err(Error::Busy)));
            }
        }
        assert!(matches!(pool.run(Uuid::from_u128(99), || ()).await, Err(Error::Busy)));
        for (release, work) in held {
            drop(release);
            work.await.unwrap().unwrap();
        }
        assert_eq!(taken(), 0);
        pool.run(Uuid::from_u128(99), || ()).await.unwrap();
    }
}
