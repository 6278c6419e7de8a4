//! The allocator of the programs, and one setting of it.
//!
//! A batch job frees buffers of megabytes all the time and asks for as much again at once. By default
//! the allocator hands such memory back to the system after milliseconds, and the system clears every
//! page anew: on the journey workload that was a quarter of the processor time (`benches/README.md`).
//! Memory is therefore kept until the program ends; the peak stays what it was.

use libmimalloc_sys::{mi_option_set, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`, in the order of the enumeration in `mimalloc.h` of the pinned version.
const PURGE_DELAY: mi_option_t = 15;

/// Keeps freed memory for the next allocation. Call first thing in `main`.
#[allow(unsafe_code, reason = "the allocator has no other door to its options")]
pub fn keep_freed_memory() {
    // SAFETY: the function stores a number in a table of the allocator, after checking that the option
    // exists. It is not safe beside other threads that use options, and there are none yet.
    unsafe { mi_option_set(PURGE_DELAY, -1) }
}
