//! The allocator of the programs, and how its memory is asked for.
//!
//! A batch job frees buffers of megabytes all the time and asks for as much again at once. By default
//! the allocator hands such memory back to the system after milliseconds, and the system clears every
//! page anew: on the journey workload that was a quarter of the processor time (`benches/README.md`).
//! Memory is therefore kept until the program ends; the peak stays what it was.
//!
//! On Linux the allocator also asks for huge pages. Of a virtual machine that gives idle memory back to its
//! host, as those of secure rooms do, the whole pages are those that have to be fetched again: of the
//! journey workload that took 2.4 seconds of the system's time instead of 0.7, and a tenth more memory. What
//! huge pages spare elsewhere is a few hundredths of the processor time. They are therefore switched off.

use libmimalloc_sys::{mi_option_set, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay`, in the order of the enumeration in `mimalloc.h` of the pinned version.
const PURGE_DELAY: mi_option_t = 15;

/// Sets all this. Call first thing in `main`.
#[allow(unsafe_code, reason = "the allocator has no other door to its options")]
pub fn set_up() {
    // an older kernel may not know the setting, and all works without it
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
    // SAFETY: the function stores a number in a table of the allocator, after checking that the option
    // exists. It is not safe beside other threads that use options, and there are none yet.
    unsafe { mi_option_set(PURGE_DELAY, -1) }
}
