//! What Linux offers to a program without privileges: Landlock for the files, seccomp for the calls to the system.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, Scope,
};
use libc::*;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// Whether this kernel can confine writes: to make, write, cut, rename and remove files. Before version 6.2 it could not keep
/// a program from cutting a file to nothing, which is no confinement.
pub fn can_confine_writes() -> bool {
    let needed = Ruleset::default().set_compatibility(CompatLevel::HardRequirement);
    needed.handle_access(AccessFs::from_write(ABI::V3)).and_then(|ruleset| ruleset.create()).is_ok()
}

/// From now on this process and what it starts can write, make and remove files below the folder only, open no
/// connection by TCP, and send no signal to a process outside. An older kernel confines less of this, or nothing.
pub fn confine_writes(folder: &Path) -> Result<(), Box<dyn Error>> {
    // The newest that this was tried with.
    let abi = ABI::V6;
    let writes = AccessFs::from_write(abi);
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(writes)?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new(folder)?, writes))?
        // A compiler and a linker write to it what nobody is to read.
        .add_rule(PathBeneath::new(PathFd::new("/dev/null")?, AccessFs::WriteFile))?
        .restrict_self()?;
    Ok(())
}

/// The calls that a program of the book needs: memory, threads, clocks, its own files, what it is told and what it says.
/// Whatever is not here does not exist for it: no call that reaches another process, no socket, no change of who may read a
/// file, nothing of the kernel's that would stay behind.
#[rustfmt::skip]
const NEEDED: &[c_long] = &[
    // Memory
    SYS_brk, SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_membarrier,
    // Threads, and waiting for each other
    SYS_futex, SYS_set_robust_list, SYS_get_robust_list, SYS_set_tid_address, SYS_rseq, SYS_sched_yield,
    SYS_sched_getaffinity, SYS_getcpu, SYS_exit, SYS_exit_group, SYS_restart_syscall,
    // Its own signals, such as that of a stack that overflows
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_rt_sigtimedwait, SYS_rt_sigsuspend,
    // Clocks
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday, SYS_times,
    // Who and where it is
    SYS_getpid, SYS_gettid, SYS_getppid, SYS_getuid, SYS_geteuid, SYS_getgid, SYS_getegid, SYS_getpgid, SYS_getsid,
    SYS_uname, SYS_sysinfo, SYS_getrusage, SYS_getrandom, SYS_getcwd, SYS_chdir, SYS_fchdir, SYS_umask,
    // Files: Landlock says where
    SYS_openat, SYS_openat2, SYS_close, SYS_close_range, SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64,
    SYS_pwrite64, SYS_preadv, SYS_pwritev, SYS_lseek, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_statfs, SYS_fstatfs,
    SYS_faccessat, SYS_faccessat2, SYS_readlinkat, SYS_getdents64, SYS_unlinkat, SYS_renameat, SYS_renameat2,
    SYS_ftruncate, SYS_fallocate, SYS_fsync, SYS_fdatasync, SYS_fcntl, SYS_dup, SYS_dup3, SYS_pipe2, SYS_ppoll,
    SYS_pselect6, SYS_copy_file_range, SYS_sendfile, SYS_fadvise64,
    // To become the program, which still has to happen
    SYS_execve,
];

/// The older forms of some of them, which other processors never had.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const OLDER: &[c_long] = &[
    SYS_arch_prctl, SYS_open, SYS_stat, SYS_lstat, SYS_access, SYS_readlink, SYS_unlink, SYS_rmdir, SYS_rename, SYS_dup2,
    SYS_pipe, SYS_poll, SYS_select, SYS_getpgrp, SYS_time, SYS_pause, SYS_alarm,
];
#[cfg(not(target_arch = "x86_64"))]
const OLDER: &[c_long] = &[];

/// What a program may well try, and is refused as not permitted. What is not known at all is called not implemented.
#[cfg(target_arch = "x86_64")]
#[rustfmt::skip]
const REFUSED: &[c_long] = &[
    SYS_fork, SYS_vfork, SYS_socket, SYS_socketpair, SYS_mkdir, SYS_mkdirat, SYS_chmod, SYS_fchmod, SYS_fchmodat, SYS_utimensat,
];
#[cfg(not(target_arch = "x86_64"))]
const REFUSED: &[c_long] = &[SYS_socket, SYS_socketpair, SYS_mkdirat, SYS_fchmod, SYS_fchmodat, SYS_utimensat];

/// From now on this process can have threads, files and clocks, and nothing else of the system's.
pub fn forbid_company() -> Result<(), Box<dyn Error>> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let own = u64::from(std::process::id());
    let mut allowed: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for call in NEEDED.iter().chain(OLDER) {
        allowed.insert(*call, vec![]);
    }
    // A signal to itself, as a panic that aborts sends one. The exec that follows keeps the number.
    allowed.insert(SYS_kill, rules(0, SeccompCmpOp::Eq, &[own])?);
    allowed.insert(SYS_tgkill, rules(0, SeccompCmpOp::Eq, &[own])?);
    // Its own limits, to read them: they can't be raised.
    allowed.insert(SYS_prlimit64, rules(0, SeccompCmpOp::Eq, &[0, own])?);
    // The name of a thread or of a piece of memory; not whether it dies with its parent.
    let names = [PR_SET_NAME, PR_GET_NAME, PR_SET_VMA].map(|option| option as u64);
    allowed.insert(SYS_prctl, rules(0, SeccompCmpOp::Eq, &names)?);
    // Whether it talks to a terminal; not what the terminal is to do.
    allowed.insert(SYS_ioctl, rules(1, SeccompCmpOp::Eq, &[TCGETS])?);

    // What the first filter refuses, the second lets pass: of two filters that refuse, the later one says why.
    let mut refused: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    // A new process; a new thread is welcome.
    refused.insert(SYS_clone, rules(0, SeccompCmpOp::MaskedEq(CLONE_THREAD as u64), &[0])?);
    allowed.insert(SYS_clone, vec![]);
    for call in REFUSED {
        refused.insert(*call, vec![]);
        allowed.insert(*call, vec![]);
    }
    install(SeccompFilter::new(refused, SeccompAction::Allow, SeccompAction::Errno(EPERM as u32), arch)?)?;
    // For everything else, as if this kernel were older: the C library then does without, for instance without clone3, whose
    // flags lie in memory where no filter can look.
    install(SeccompFilter::new(allowed, SeccompAction::Errno(ENOSYS as u32), SeccompAction::Allow, arch)?)
}

/// A rule for each value of an argument, any of which is enough.
fn rules(argument: u8, is: SeccompCmpOp, values: &[u64]) -> Result<Vec<SeccompRule>, Box<dyn Error>> {
    let one = |value: &u64| -> Result<SeccompRule, Box<dyn Error>> {
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, is.clone(), *value)?;
        Ok(SeccompRule::new(vec![condition])?)
    };
    values.iter().map(one).collect()
}

fn install(filter: SeccompFilter) -> Result<(), Box<dyn Error>> {
    let program: BpfProgram = filter.try_into()?;
    Ok(seccompiler::apply_filter(&program)?)
}
