//! The one place that reads the clock; everything else is handed the moment.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use tawzi_core::time::Timestamp;

/// What time it is.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The system's clock.
    System,
    /// A clock that stands still until it is moved.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at that moment.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(at.microseconds())))
    }

    /// The moment it is.
    pub fn now(&self) -> Timestamp {
        match self {
            #[expect(
                clippy::disallowed_methods,
                reason = "this is the one place that reads the clock"
            )]
            Self::System => {
                let since = std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                Timestamp::from_microseconds(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Manual(at) => Timestamp::from_microseconds(at.load(Ordering::Relaxed)),
        }
    }

    /// How long it is since some moment: for measuring, as it never goes back when a clock is put right.
    pub fn ticks(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match self {
            Self::System => START.elapsed(),
            Self::Manual(at) => {
                let microseconds = at.load(Ordering::Relaxed);
                Duration::from_micros(u64::try_from(microseconds).unwrap_or_default())
            }
        }
    }

    /// Moves a manual clock; the system's clock goes its own way.
    pub fn move_to(&self, moment: Timestamp) {
        if let Self::Manual(at) = self {
            at.store(moment.microseconds(), Ordering::Relaxed);
        }
    }
}
