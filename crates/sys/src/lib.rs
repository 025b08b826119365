//! The operating system's edge, behind safe interfaces: locks, clocks, the counting allocator, io_uring and epoll.
