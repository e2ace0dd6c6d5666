//! The listener (connections, their limits and their metrics), and the runner of jobs.
pub mod audit_heads;
pub mod jobs;
pub mod listen;

/// A page is made of thousands of small allocations, some of which another thread frees. With glibc's allocator a third of the time
/// of a rendering goes into them. Huge pages are off (`no_thp`): they took half as much memory again and made nothing faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
