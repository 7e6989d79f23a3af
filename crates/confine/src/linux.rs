//! What Linux offers to a program without privileges: Landlock for the files, seccomp for the calls to the system.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, TargetArch,
};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// From now on this process and what it starts can write, make and remove files below the folder only, open no
/// connection by TCP, and send no signal to a process outside. Says whether writes are confined; an older kernel
/// confines less of the rest, or nothing.
pub fn confine_writes(folder: &Path) -> Result<bool, Box<dyn Error>> {
    // The newest that this version of the crate was tried with; less, where the kernel knows less.
    let abi = ABI::V6;
    let writes = AccessFs::from_write(abi);
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(writes)?
        .handle_access(AccessNet::from_all(abi))?
        .scope(Scope::from_all(abi))?
        .create()?
        .add_rule(PathBeneath::new(PathFd::new(folder)?, writes))?
        // A compiler and a linker write to it what nobody is to read.
        .add_rule(PathBeneath::new(PathFd::new("/dev/null")?, AccessFs::WriteFile))?;
    Ok(ruleset.restrict_self()?.ruleset != RulesetStatus::NotEnforced)
}

/// From now on this process can have threads, but start no other process, open no socket, and reach into no process.
pub fn forbid_company() -> Result<(), Box<dyn Error>> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let always = vec![];
    let clone_is_no_thread = SeccompRule::new(vec![SeccompCondition::new(
        0,
        SeccompCmpArgLen::Qword,
        SeccompCmpOp::MaskedEq(libc::CLONE_THREAD as u64),
        0,
    )?])?;
    // A process may end itself by a signal, as a panic that aborts does. The exec that follows keeps the number.
    let other_process = SeccompRule::new(vec![SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Ne,
        u64::from(std::process::id()),
    )?])?;
    let mut refused = BTreeMap::from([
        (libc::SYS_clone, vec![clone_is_no_thread]),
        (libc::SYS_kill, vec![other_process.clone()]),
        (libc::SYS_tgkill, vec![other_process]),
    ]);
    #[cfg(target_arch = "x86_64")]
    refused.extend([(libc::SYS_fork, always.clone()), (libc::SYS_vfork, always.clone())]);
    for call in [
        libc::SYS_socket,
        libc::SYS_socketpair,
        // Opens sockets, and files, past these rules.
        libc::SYS_io_uring_setup,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_send_signal,
        libc::SYS_rt_sigqueueinfo,
        libc::SYS_rt_tgsigqueueinfo,
        libc::SYS_tkill,
        // Would leave the process group that is ended at the limit.
        libc::SYS_setsid,
        libc::SYS_setpgid,
        // Memory that no limit counts.
        libc::SYS_memfd_create,
        libc::SYS_shmget,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_bpf,
        libc::SYS_mount,
        libc::SYS_unshare,
    ] {
        refused.insert(call, always.clone());
    }
    refuse(refused, libc::EPERM, arch)?;
    // Its flags lie in memory, where a filter can't look. The C library then falls back to clone.
    refuse(BTreeMap::from([(libc::SYS_clone3, always)]), libc::ENOSYS, arch)
}

fn refuse(calls: BTreeMap<i64, Vec<SeccompRule>>, errno: i32, arch: TargetArch) -> Result<(), Box<dyn Error>> {
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, SeccompAction::Errno(errno as u32), arch)?;
    let program: BpfProgram = filter.try_into()?;
    Ok(seccompiler::apply_filter(&program)?)
}
