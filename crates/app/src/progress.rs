//! Telling somebody how far long work has come.

/// Somebody who wants to know how far long work has come.
pub trait Progress: Send + Sync {
    /// A stretch of work begins: what it is, and how many steps it has.
    fn begin(&self, what: &str, steps: u64);

    /// So many steps are done.
    fn advance(&self, steps: u64);

    /// Whether somebody looks; counting the steps beforehand is only worth it then.
    fn wanted(&self) -> bool;
}

/// Nobody wants to know.
#[derive(Clone, Copy, Debug)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _what: &str, _steps: u64) {}

    fn advance(&self, _steps: u64) {}

    fn wanted(&self) -> bool {
        false
    }
}
