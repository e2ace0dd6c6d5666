//! What listens: connections, their limits, and the figures about them.
pub mod listen;
