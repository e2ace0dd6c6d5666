//! Hashing of passwords: a thread for each core with memory that is allocated once, and two bounded queues before them.
//!
//! A hash takes 19 MiB and tens of milliseconds. Blocking threads of the runtime would allocate that memory anew for each hash,
//! which the allocator keeps, and would queue without a bound. Here a log-in that cannot be answered in time is refused at
//! once with [`Error::Busy`]. What comes from a browser or a session that is known goes first: a flood of guesses delays it by
//! the hashes that are being made, and not by those that wait.
use crate::{
    Error,
    work_slots::{WorkSlot, WorkSlots},
};
use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::oneshot;
use uuid::Uuid;

/// The most memory that a stored hash may ask for, in KiB.
const MOST_MEMORY: u32 = 64 * 1024;

/// Slots of one account among those that are known: whoever logs in often keeps no other known browser waiting.
const OF_ONE_ACCOUNT: usize = 2;

/// What a hash costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashCost {
    /// Memory, in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}
impl Default for HashCost {
    /// OWASP's recommendation: 19 MiB, two passes.
    fn default() -> Self {
        Self { memory: 19 * 1024, passes: 2 }
    }
}
impl HashCost {
    fn argon2(self) -> Argon2<'static> {
        let params = Params::new(self.memory, self.passes, 1, None).unwrap_or(Params::DEFAULT);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }
}

/// Which of the two queues work waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody with a session of this account, or in a browser that logged in to it before.
    Known(Uuid),
    /// Anybody.
    Stranger,
}

/// The memory of one thread. It grows to what a stored hash asks for and is kept.
pub(crate) type Memory = Vec<Block>;

/// Work that waits. Whoever asked for it may have gone.
trait Work: Send {
    fn run(self: Box<Self>, memory: &mut Memory);
    fn is_abandoned(&self) -> bool;
}
struct Asked<T, F> {
    work: F,
    answer: oneshot::Sender<T>,
}
impl<T: Send, F: FnOnce(&mut Memory) -> T + Send> Work for Asked<T, F> {
    fn run(self: Box<Self>, memory: &mut Memory) {
        let Self { work, answer } = *self;
        // Without an answer the sender is dropped, which whoever waits reads as a failure; the thread goes on.
        if let Ok(done) = catch_unwind(AssertUnwindSafe(|| work(memory))) {
            let _ = answer.send(done);
        }
    }
    fn is_abandoned(&self) -> bool {
        self.answer.is_closed()
    }
}

#[derive(Default)]
struct Waiting {
    known: VecDeque<Box<dyn Work>>,
    strangers: VecDeque<Box<dyn Work>>,
    started: bool,
    closed: bool,
}

struct Shared {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    /// How many pieces of work were begun.
    done: AtomicU64,
}
impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// What one thread does until the pool is dropped.
    fn serve(&self) {
        let mut memory = Memory::new();
        let mut waiting = self.lock();
        while !waiting.closed {
            match waiting.known.pop_front().or_else(|| waiting.strangers.pop_front()) {
                Some(work) => {
                    drop(waiting);
                    if !work.is_abandoned() {
                        // Before the answer, after which whoever asked may read it.
                        self.done.fetch_add(1, Ordering::Relaxed);
                        work.run(&mut memory);
                    }
                    waiting = self.lock();
                }
                None => waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// A slot for somebody whose hashes are to be made, until it is dropped. It is taken before anything is written for them, so that
/// the number of log-ins that wait, for a thread or for the database, is bounded.
pub(crate) struct Admission {
    is_known: bool,
    _slot: WorkSlot,
}

/// The threads with their queues. They start with the first hash and end when the pool is dropped.
pub(crate) struct HashPool {
    shared: Arc<Shared>,
    threads: usize,
    known: WorkSlots,
    strangers: WorkSlots,
    claims: WorkSlots,
    cost: HashCost,
}

impl HashPool {
    /// So many threads, and so many slots in each lane.
    pub(crate) fn new(threads: usize, slots: usize, cost: HashCost) -> Self {
        let shared = Shared { waiting: Mutex::default(), changed: Condvar::new(), done: AtomicU64::new(0) };
        let few = || WorkSlots::new(slots, OF_ONE_ACCOUNT);
        let (known, strangers, claims) = (few(), WorkSlots::new(slots, slots), few());
        Self { shared: Arc::new(shared), threads: threads.max(1), known, strangers, claims, cost }
    }

    /// How many hashes were made since the start.
    pub(crate) fn done(&self) -> u64 {
        self.shared.done.load(Ordering::Relaxed)
    }

    /// Takes a slot in a lane. Who is known and finds none there may wait among strangers.
    ///
    /// # Errors
    /// [`Error::Busy`] at once where there is no slot.
    pub(crate) fn admit(&self, lane: Lane) -> Result<Admission, Error> {
        let known = match lane {
            Lane::Known(account) => self.known.take(account),
            Lane::Stranger => None,
        };
        let is_known = known.is_some();
        let slot = known.or_else(|| self.strangers.take(Uuid::nil())).ok_or(Error::Busy)?;
        Ok(Admission { is_known, _slot: slot })
    }

    /// A slot to be looked up as a browser that may be known, by the hash of its cookie; nothing where there is none.
    pub(crate) fn claim(&self, cookie: &[u8]) -> Option<WorkSlot> {
        self.claims.take(cookie.first_chunk().map(|bytes| Uuid::from_bytes(*bytes))?)
    }

    /// Runs work in one of the threads, after what waits before it in its lane.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        admission: &Admission,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, answered) = oneshot::channel();
        {
            let mut waiting = self.shared.lock();
            self.start(&mut waiting)?;
            let Waiting { known, strangers, .. } = &mut *waiting;
            let queue = if admission.is_known { known } else { strangers };
            // Whoever hung up has left. The queue is short, so looking through it costs nothing beside a hash.
            queue.retain(|work| !work.is_abandoned());
            queue.push_back(Box::new(Asked { work, answer }));
        }
        self.shared.changed.notify_one();
        answered.await.map_err(|_| Error::Task)
    }

    fn start(&self, waiting: &mut Waiting) -> Result<(), Error> {
        if waiting.started {
            return Ok(());
        }
        for n in 0..self.threads {
            let shared = self.shared.clone();
            let thread = std::thread::Builder::new().name(format!("hash-{n}"));
            let serve = move || {
                yield_to_requests();
                shared.serve();
            };
            thread.spawn(serve).map_err(|_| Error::Task)?;
        }
        waiting.started = true;
        Ok(())
    }

    /// Hashes a secret with this salt, as it is stored (PHC).
    pub(crate) async fn hash(&self, admission: &Admission, secret: &str, salt: [u8; 16]) -> Result<String, Error> {
        let (secret, cost) = (secret.to_owned(), self.cost);
        let hashed = self.run(admission, move |memory| {
            let argon2 = cost.argon2();
            let output = compute(&argon2, secret.as_bytes(), &salt, memory)?;
            let phc = PasswordHash {
                algorithm: Algorithm::Argon2id.ident(),
                version: Some(Version::V0x13.into()),
                params: ParamsString::try_from(argon2.params()).ok()?,
                salt: Some(Salt::new(&salt).ok()?),
                hash: Some(output),
            };
            Some(phc.to_string())
        });
        hashed.await?.ok_or(Error::Encode("password"))
    }

    /// Compares a secret with a stored hash. Without one a hash with this salt is made as well, and the answer is no.
    pub(crate) async fn verify(
        &self,
        admission: &Admission,
        secret: &str,
        stored: Option<String>,
        salt: [u8; 16],
    ) -> Result<bool, Error> {
        let (secret, cost) = (secret.to_owned(), self.cost);
        self.run(admission, move |memory| match stored {
            Some(stored) => is_right(&stored, secret.as_bytes(), memory).unwrap_or(false),
            None => {
                std::hint::black_box(compute(&cost.argon2(), secret.as_bytes(), &salt, memory));
                false
            }
        })
        .await
    }
}
impl Drop for HashPool {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_all();
    }
}

/// Lets the other threads of the process go first where there are more of them than cores: a hash takes milliseconds of a core,
/// and every page would wait for it. Where this is refused, hashes go on as before.
fn yield_to_requests() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 10) {
        tracing::debug!(%error, "the priority of hashing stays as it is");
    }
}

/// The hash of a secret; nothing for what Argon2 does not accept.
fn compute(argon2: &Argon2<'_>, secret: &[u8], salt: &[u8], memory: &mut Memory) -> Option<Output> {
    let blocks = argon2.params().block_count();
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let mut out = [0; Params::DEFAULT_OUTPUT_LEN];
    argon2.hash_password_into_with_memory(secret, salt, &mut out, memory.as_mut_slice()).ok()?;
    Output::new(&out).ok()
}

/// Whether a secret is the one that was hashed; nothing for a text that is no hash. `Output` compares in constant time.
fn is_right(stored: &str, secret: &[u8], memory: &mut Memory) -> Option<bool> {
    let stored = PasswordHash::new(stored).ok()?;
    let params = Params::try_from(&stored).ok().filter(|params| params.m_cost() <= MOST_MEMORY)?;
    let algorithm = Algorithm::try_from(stored.algorithm.as_str()).ok()?;
    let version = stored.version.and_then(|version| Version::try_from(version).ok()).unwrap_or_default();
    let argon2 = Argon2::new(algorithm, version, params);
    Some(compute(&argon2, secret, &stored.salt?, memory)? == stored.hash?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordHasher;
    use std::sync::mpsc;

    const CHEAP: HashCost = HashCost { memory: 64, passes: 1 };

    /// A pool of one thread that is busy, which takes one slot, until the sender is used or dropped.
    async fn busy(slots: usize) -> (Arc<HashPool>, mpsc::Sender<()>, tokio::task::JoinHandle<Result<(), Error>>) {
        let pool = Arc::new(HashPool::new(1, slots, CHEAP));
        let (release, held) = mpsc::channel::<()>();
        let (began, begun) = oneshot::channel();
        let own = pool.clone();
        let work = tokio::spawn(async move {
            let admission = own.admit(Lane::Stranger).unwrap();
            own.run(&admission, move |_| {
                let _ = began.send(());
                let _ = held.recv();
            })
            .await
        });
        begun.await.unwrap();
        (pool, release, work)
    }
    /// Asks for work that writes its name when it runs, and waits until it stands in the queue.
    async fn ask(
        pool: &Arc<HashPool>,
        lane: Lane,
        name: &'static str,
        ran: &mpsc::Sender<&'static str>,
    ) -> tokio::task::JoinHandle<Result<(), Error>> {
        let (own, ran) = (pool.clone(), ran.clone());
        let before = waiting(pool);
        let task = tokio::spawn(async move {
            let admission = own.admit(lane)?;
            own.run(&admission, move |_| ran.send(name).unwrap()).await
        });
        while waiting(pool) == before && !task.is_finished() {
            tokio::task::yield_now().await;
        }
        task
    }
    fn waiting(pool: &HashPool) -> usize {
        let waiting = pool.shared.lock();
        waiting.known.len() + waiting.strangers.len()
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn hashing_lets_the_other_threads_go_first() {
        let pool = HashPool::new(1, 2, HashCost { memory: 64, passes: 1 });
        let admission = pool.admit(Lane::Stranger).unwrap();
        let of = |thread| rustix::process::getpriority_process(Some(thread)).unwrap();
        let hashing = pool.run(&admission, move |_| of(rustix::thread::gettid())).await.unwrap();
        assert!(hashing > of(rustix::thread::gettid()), "{hashing}");
    }

    #[tokio::test]
    async fn a_hash_is_as_the_library_writes_it_and_is_verified() {
        let pool = HashPool::new(1, 4, CHEAP);
        let admission = pool.admit(Lane::Stranger).unwrap();
        let hash = pool.hash(&admission, "Yuan2026", [7; 16]).await.unwrap();
        let plain = CHEAP.argon2().hash_password_with_salt(b"Yuan2026", &[7; 16]).unwrap().to_string();
        assert_eq!(hash, plain);
        let verify = |secret: &'static str, stored: Option<&str>| {
            pool.verify(&admission, secret, stored.map(str::to_owned), [0; 16])
        };
        assert!(verify("Yuan2026", Some(&hash)).await.unwrap());
        assert!(!verify("yuan2026", Some(&hash)).await.unwrap());
        assert!(!verify("Yuan2026", Some("not a hash")).await.unwrap());
        assert!(!verify("Yuan2026", None).await.unwrap());
        // A stored hash of another cost is verified with its own.
        let dear = HashCost { memory: 256, passes: 2 }.argon2().hash_password_with_salt(b"Yuan2026", &[7; 16]);
        assert!(verify("Yuan2026", Some(&dear.unwrap().to_string())).await.unwrap());
        // One that would take more memory than there is for it is refused.
        let huge = hash.replace("m=64", "m=1048576");
        assert!(!verify("Yuan2026", Some(&huge)).await.unwrap());
    }

    #[tokio::test]
    async fn known_browsers_pass_a_full_queue_of_strangers_and_what_is_too_much_is_refused_at_once() {
        let (pool, release, first) = busy(4).await;
        let (ran, order) = mpsc::channel();
        let mut asked = Vec::new();
        for name in ["one", "two", "three"] {
            asked.push(ask(&pool, Lane::Stranger, name, &ran).await);
        }
        let refused = ask(&pool, Lane::Stranger, "four", &ran).await;
        assert!(matches!(refused.await.unwrap(), Err(Error::Busy)));
        // Two of an account that is known have slots of their own; a third would stand among strangers.
        let known = Lane::Known(Uuid::from_u128(1));
        asked.push(ask(&pool, known, "known", &ran).await);
        asked.push(ask(&pool, known, "known again", &ran).await);
        assert!(matches!(ask(&pool, known, "too often", &ran).await.await.unwrap(), Err(Error::Busy)));
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        for task in asked {
            task.await.unwrap().unwrap();
        }
        assert_eq!(order.try_iter().collect::<Vec<_>>(), ["known", "known again", "one", "two", "three"]);
    }

    #[tokio::test]
    async fn whoever_hangs_up_gives_the_slot_back() {
        let (pool, release, first) = busy(3).await;
        let (ran, order) = mpsc::channel();
        let gone = [ask(&pool, Lane::Stranger, "gone", &ran).await, ask(&pool, Lane::Stranger, "gone too", &ran).await];
        for task in gone {
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
        }
        // Both slots are taken until somebody needs one.
        let stays = tokio::spawn({
            let (pool, ran) = (pool.clone(), ran.clone());
            async move { pool.run(&pool.admit(Lane::Stranger)?, move |_| ran.send("stays").unwrap()).await }
        });
        while waiting(&pool) != 1 {
            tokio::task::yield_now().await;
        }
        release.send(()).unwrap();
        first.await.unwrap().unwrap();
        stays.await.unwrap().unwrap();
        assert_eq!(order.try_iter().collect::<Vec<_>>(), ["stays"]);
    }

    #[tokio::test]
    async fn a_panic_ends_no_thread() {
        let pool = HashPool::new(1, 4, CHEAP);
        let admission = pool.admit(Lane::Stranger).unwrap();
        let panicked = pool.run(&admission, |_| -> () { panic!("in a hash") }).await;
        assert!(matches!(panicked, Err(Error::Task)));
        assert_eq!(pool.run(&admission, |_| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn memory_is_allocated_once_for_each_thread() {
        let pool = HashPool::new(1, 4, CHEAP);
        let admission = pool.admit(Lane::Stranger).unwrap();
        let mut slots = Vec::new();
        for _ in 0..5 {
            pool.hash(&admission, "Yuan2026", [7; 16]).await.unwrap();
            slots.push(pool.run(&admission, |memory| (memory.as_ptr().addr(), memory.capacity())).await.unwrap());
        }
        assert!(slots[0].1 >= 64 && slots.iter().all(|slot| *slot == slots[0]), "{slots:?}");
    }
}
