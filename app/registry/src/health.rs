//! The health of what runs in the background for as long as the process does.
use std::{
    collections::BTreeMap,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, timeout},
};

/// How long after a panic a loop is started again.
const RESTART: Duration = Duration::from_secs(1);
/// How long a loop that was started again has to run until it counts as sound, unless it says before that it goes on.
const PROVEN: Duration = Duration::from_secs(5);

/// Why a process is not ready.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// The database does not answer.
    #[error("the database cannot be read")]
    Reading,
    /// The database does not take a durable write.
    #[error("the database cannot be written")]
    Writing,
    /// The clock of this machine and the database's are too far apart.
    #[error("the clock of this machine is {0} ms from the database's")]
    Clock(i64),
    /// Background loops are down or silent.
    #[error("not running: {0}")]
    Loops(String),
}

/// The loops of a process. Cheap to clone.
#[derive(Clone, Default)]
pub struct Health(Arc<Mutex<BTreeMap<&'static str, Loop>>>);

struct Loop {
    is_running: bool,
    panics: u32,
    last: Instant,
    patience: Option<Duration>,
}
impl Loop {
    fn is_sound(&self) -> bool {
        self.is_running && self.patience.is_none_or(|patience| self.last.elapsed() <= patience)
    }
}

/// By which a loop says that it goes on.
#[derive(Clone)]
pub struct Beat {
    health: Health,
    name: &'static str,
}
impl Beat {
    /// The loop goes on.
    pub fn beat(&self) {
        self.health.set(self.name, |own| (own.is_running, own.last) = (true, Instant::now()));
    }
}

impl Health {
    fn loops(&self) -> MutexGuard<'_, BTreeMap<&'static str, Loop>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn set(&self, name: &'static str, change: impl FnOnce(&mut Loop)) {
        if let Some(own) = self.loops().get_mut(name) {
            change(own);
        }
    }
    /// Runs a loop, and again whenever it panicked, until it ends by itself. One that is silent for longer than its patience counts
    /// as ill; without a patience only a panic does.
    pub fn supervise<F>(
        &self,
        name: &'static str,
        patience: Option<Duration>,
        start: impl Fn(Beat) -> F + Send + 'static,
    ) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.loops().insert(name, Loop { is_running: true, panics: 0, last: Instant::now(), patience });
        let health = self.clone();
        tokio::spawn(async move {
            loop {
                let beat = Beat { health: health.clone(), name };
                let mut run = tokio::spawn(start(beat.clone()));
                let ended = match timeout(PROVEN, &mut run).await {
                    Ok(ended) => ended,
                    Err(_) => {
                        beat.beat();
                        run.await
                    }
                };
                if !ended.is_err_and(|error| error.is_panic()) {
                    return;
                }
                health.set(name, |own| (own.is_running, own.panics) = (false, own.panics.saturating_add(1)));
                tracing::error!(name, "a background loop panicked and is started again");
                tokio::time::sleep(RESTART).await;
            }
        })
    }
    /// The names of loops that are down or silent.
    pub fn ill(&self) -> Vec<&'static str> {
        self.loops().iter().filter(|(_, own)| !own.is_sound()).map(|(name, _)| *name).collect()
    }
    /// A line for each loop: its name, its state, how often it panicked.
    pub fn report(&self) -> String {
        let state = |own: &Loop| if own.is_sound() { "ok" } else { "ill" };
        self.loops().iter().map(|(name, own)| format!("{name}: {}, {} panics\n", state(own), own.panics)).collect()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "the panic is what is tested")]
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_panics_is_started_again() {
        let (health, starts) = (Health::default(), Arc::new(AtomicU32::new(0)));
        let counted = starts.clone();
        health.supervise("loop", None, move |_| {
            let start = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                if start == 0 {
                    panic!("the first run");
                }
                std::future::pending().await
            }
        });
        while health.ill().is_empty() {
            tokio::task::yield_now().await;
        }
        assert_eq!(health.ill(), ["loop"]);
        tokio::time::sleep(RESTART + PROVEN + RESTART).await;
        assert_eq!((starts.load(Ordering::SeqCst), health.ill().len()), (2, 0));
        assert_eq!(health.report(), "loop: ok, 1 panics\n");
    }

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_is_silent_for_too_long_is_ill() {
        let health = Health::default();
        let (beats, mut asked) = tokio::sync::mpsc::channel(1);
        health.supervise("loop", Some(Duration::from_secs(60)), move |beat| {
            let beats = beats.clone();
            async move {
                let _ = beats.send(beat).await;
                std::future::pending().await
            }
        });
        let beat = asked.recv().await;
        tokio::time::sleep(Duration::from_secs(61) + PROVEN).await;
        assert_eq!(health.ill(), ["loop"]);
        beat.iter().for_each(Beat::beat);
        assert!(health.ill().is_empty());
    }
}
