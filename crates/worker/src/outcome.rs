//! How an attempt at a job ends, and what becomes of the job.

use tawzi_store::JobState;

/// How often a job is tried.
const ATTEMPTS: i64 = 5;

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is done; what came of it.
    Done(String),
    /// It left off because the worker stops; what is left is another's.
    LeftOff,
    /// It failed, perhaps not for ever.
    Failed(String),
    /// It cannot be done.
    GivenUp(String),
}

/// What is to be written about a job after an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Settlement {
    pub(crate) state: JobState,
    pub(crate) text: String,
    /// In how many microseconds it may be tried again.
    pub(crate) wait: i64,
}

impl Outcome {
    /// What becomes of the job after that attempt, counted from 1.
    pub(crate) fn settle(self, attempt: i64) -> Settlement {
        let settlement = |state, text, wait| Settlement { state, text, wait };
        match self {
            Self::Done(text) => settlement(JobState::Done, text, 0),
            Self::LeftOff => settlement(JobState::Ready, "handed back".to_owned(), 0),
            Self::GivenUp(text) => settlement(JobState::Failed, text, 0),
            Self::Failed(text) if attempt >= ATTEMPTS => settlement(JobState::Failed, text, 0),
            Self::Failed(text) => settlement(JobState::Ready, text, back_off(attempt)),
        }
    }
}

/// 5 seconds, then twice as long each time.
fn back_off(attempt: i64) -> i64 {
    5_000_000 << (attempt - 1).clamp(0, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_attempt_is_repeated_later_and_later_until_it_is_given_up() {
        let settle = |attempt| Outcome::Failed("no".to_owned()).settle(attempt);

        assert_eq!(settle(1).wait, 5_000_000);
        assert_eq!(settle(4).wait, 40_000_000);
        assert_eq!(settle(4).state, JobState::Ready);
        assert_eq!(settle(5).state, JobState::Failed);
    }

    #[test]
    fn what_was_left_off_is_ready_at_once() {
        let settlement = Outcome::LeftOff.settle(3);

        assert_eq!(settlement.state, JobState::Ready);
        assert_eq!(settlement.wait, 0);
    }
}
