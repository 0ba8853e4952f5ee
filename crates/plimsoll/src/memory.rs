//! Where memory comes from, and in what pages.

/// Label sets are small allocations by the thousand, made on one thread and freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Asks the kernel for pages of 4 KiB alone. mimalloc asks for transparent huge ones, of which a
/// byte in use holds 2 MiB: a server at rest took 13 MiB more. Where the kernel does not know the
/// request, memory is merely larger.
pub(crate) fn keep_pages_small() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}
