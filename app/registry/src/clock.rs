//! Moments and randomness, both from outside so that tests can set them.
use forms::value::Date;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use uuid::Uuid;

/// A moment: microseconds since 1970-01-01 UTC. Numbers sort alike on both engines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub i64);

/// Asia/Shanghai has been eight hours ahead, without summer time, since 1991 (X38).
const SHANGHAI: i64 = 8 * 3600;
const SECOND: i64 = 1_000_000;

impl Moment {
    /// Midnight at the beginning of a day in Asia/Shanghai.
    pub fn start_of(date: Date) -> Self {
        Self((date.unix_days() * 86_400 - SHANGHAI) * SECOND)
    }
    /// The day in Asia/Shanghai.
    pub fn date(self) -> Date {
        Date::from_unix_days((self.0.div_euclid(SECOND) + SHANGHAI).div_euclid(86_400))
    }
    /// Hours and minutes in Asia/Shanghai.
    pub fn time(self) -> (u8, u8) {
        let seconds = (self.0.div_euclid(SECOND) + SHANGHAI).rem_euclid(86_400);
        ((seconds / 3600) as u8, (seconds % 3600 / 60) as u8)
    }
    /// So many seconds later.
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + seconds * SECOND)
    }
    /// The whole seconds since another moment, negative before it.
    pub const fn seconds_after(self, other: Self) -> i64 {
        (self.0 - other.0).div_euclid(SECOND)
    }
    /// So many days later.
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days * 86_400)
    }
}

/// Tells the time. Clones share the correction.
#[derive(Clone)]
pub struct Clock {
    own: Arc<dyn Fn() -> Moment + Send + Sync>,
    /// Microseconds to add, for a clock that follows the database's.
    offset: Option<Arc<AtomicI64>>,
}
impl Clock {
    /// The clock of this machine, corrected by the database's once that was measured.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    pub fn system() -> Self {
        Self::corrected(|| {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            Moment(since.as_micros() as i64)
        })
    }
    /// A clock that says what a function says.
    pub fn from(now: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self { own: Arc::new(now), offset: None }
    }
    /// A clock that says what a function says, corrected by the database's once that was measured.
    pub fn corrected(now: impl Fn() -> Moment + Send + Sync + 'static) -> Self {
        Self { own: Arc::new(now), offset: Some(Arc::default()) }
    }
    pub fn now(&self) -> Moment {
        Moment((self.own)().0 + self.offset())
    }
    /// What the clock says by itself, for a clock that is corrected.
    pub(crate) fn uncorrected(&self) -> Option<Moment> {
        self.offset.as_ref().map(|_| (self.own)())
    }
    /// The microseconds by which the clock is corrected.
    pub(crate) fn offset(&self) -> i64 {
        self.offset.as_ref().map_or(0, |offset| offset.load(Ordering::Relaxed))
    }
    pub(crate) fn correct(&self, micros: i64) {
        if let Some(offset) = &self.offset {
            offset.store(micros, Ordering::Relaxed);
        }
    }
}

type Fill = dyn Fn(&mut [u8]) + Send + Sync;

/// Gives random bytes.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);
impl Entropy {
    /// The randomness of this machine.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for randomness")]
    pub fn system() -> Self {
        Self::from(|bytes| rand::Rng::fill_bytes(&mut rand::rng(), bytes))
    }
    /// Bytes that a function makes.
    pub fn from(fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        Self(Arc::new(fill))
    }
    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.0)(&mut bytes);
        bytes
    }
    /// A random number.
    pub fn number(&self) -> u32 {
        u32::from_le_bytes(self.bytes())
    }
    /// A UUIDv7: the milliseconds of a moment and 74 random bits, so that keys grow with time.
    pub fn uuid(&self, at: Moment) -> Uuid {
        uuid_of(at, self.bytes())
    }
}

/// The UUIDv7 of a moment and of bytes, 74 bits of which are kept.
pub(crate) fn uuid_of(at: Moment, mut bytes: [u8; 16]) -> Uuid {
    let millis = (at.0 / 1000).max(0) as u64;
    bytes[..6].copy_from_slice(&millis.to_be_bytes()[2..]);
    bytes[6] = 0x70 | (bytes[6] & 0x0F);
    bytes[8] = 0x80 | (bytes[8] & 0x3F);
    Uuid::from_bytes(bytes)
}
