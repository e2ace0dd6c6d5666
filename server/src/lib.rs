//! The listener: connections, their limits and their metrics.
pub mod listen;
