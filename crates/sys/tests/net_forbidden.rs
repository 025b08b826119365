//! Where io_uring is forbidden, as in many containers, the driver takes epoll by itself. Alone in its file because the
//! filter stays on the process.

use redstart_sys::net::{Backend, Driver, Error, Options};

#[test]
fn without_io_uring_auto_means_epoll() {
    forbid_io_uring();
    let driver = Driver::new(Backend::Auto, Options::default()).expect("epoll is always there");
    assert_eq!(driver.backend(), Backend::Epoll);
    let error = Driver::new(Backend::Uring, Options::default()).expect_err("the filter refuses");
    assert!(matches!(&error, Error::UringUnavailable(source) if source.raw_os_error() == Some(libc::EPERM)), "{error}");
}

/// A seccomp filter as container runtimes install it: `io_uring_setup` fails with EPERM, all else is let through.
fn forbid_io_uring() {
    const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
    const JUMP: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
    const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;
    let code = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let mut filter = [
        code(LOAD, 0, 0, 0),
        code(JUMP, 0, 1, libc::SYS_io_uring_setup as u32),
        code(RETURN, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32),
        code(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let program = libc::sock_fprog { len: filter.len() as u16, filter: filter.as_mut_ptr() };
    // SAFETY: the program and its filter live across the call, which copies them.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        assert_eq!(libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program), 0);
    }
}
