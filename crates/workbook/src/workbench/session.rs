//! Where programs are run: a folder of this session's own, and nothing of the sessions before.

use anyhow::{Context, Result};
use std::fs::{File, TryLockError};
use std::path::Path;
use tempfile::TempDir;

/// How the folders of sessions are called.
const PREFIX: &str = "vanishing-gradients-";

/// A file in each of them that its session holds locked, and the system lets go when the session ends, however it ends.
const LOCK: &str = ".lock";

/// A folder for the programs of a session; dropping it removes the folder and all in it.
pub struct Session {
    folder: Option<TempDir>,
    _lock: File,
}

impl Session {
    /// Makes the folder, and removes those of sessions that were ended before they could.
    ///
    /// # Errors
    ///
    /// If there is no room for it.
    pub fn new() -> Result<Self> {
        Self::within(&std::env::temp_dir())
    }

    fn within(place: &Path) -> Result<Self> {
        sweep(place);
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(place);
        let folder = folder.with_context(|| format!("can't make a folder in {}", place.display()))?;
        // Locked before it has its name: a folder with the name in it and no lock is one that nobody holds.
        let unnamed = folder.path().join(".locking");
        let lock = File::create(&unnamed)?;
        lock.lock().context("can't lock the session's folder")?;
        std::fs::rename(&unnamed, folder.path().join(LOCK))?;
        Ok(Self { folder: Some(folder), _lock: lock })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.as_ref().expect("it is there until the session is dropped").path()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Some(folder) = self.folder.take() {
            remove(&folder.keep());
        }
    }
}

/// Removes what sessions left that nobody holds any more.
fn sweep(place: &Path) {
    // What can't be read is not ours.
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        let is_session = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let lock = entry.path().join(LOCK);
        if is_session
            && is_ours(&entry.path(), std::fs::FileType::is_dir)
            && is_ours(&lock, std::fs::FileType::is_file)
            && let Ok(lock) = File::open(&lock)
            && !matches!(lock.try_lock(), Err(TryLockError::WouldBlock))
        {
            remove(&entry.path());
        }
    }
}

/// Whether something is what it should be, no link to it, and ours: the place may be shared with others.
fn is_ours(path: &Path, is: fn(&std::fs::FileType) -> bool) -> bool {
    let Ok(found) = path.symlink_metadata() else { return false };
    #[cfg(unix)]
    let owned = std::os::unix::fs::MetadataExt::uid(&found) == rustix::process::geteuid().as_raw();
    #[cfg(not(unix))]
    let owned = true;
    owned && is(&found.file_type())
}

/// Removes a folder, also with folders in it that a program has closed to itself.
pub(crate) fn remove(folder: &Path) {
    if std::fs::remove_dir_all(folder).is_err() {
        open(folder);
        // What still stays is swept by a later session.
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// Makes the folders below one open to their owner.
fn open(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = std::fs::set_permissions(folder, PermissionsExt::from_mode(0o700));
    }
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_sweeps_up_after_those_that_could_not() {
        let place = tempfile::tempdir().unwrap();
        // One that was ended hard: its folder is there, and nobody holds its lock.
        let dead = place.path().join(format!("{PREFIX}dead"));
        std::fs::create_dir_all(dead.join("run-1")).unwrap();
        std::fs::write(dead.join(LOCK), "").unwrap();
        // One that has nothing to do with us.
        let other = place.path().join("other");
        std::fs::create_dir(&other).unwrap();
        std::fs::write(other.join(LOCK), "").unwrap();

        // One that somebody made to look like one.
        #[cfg(unix)]
        std::os::unix::fs::symlink(&other, place.path().join(format!("{PREFIX}link"))).unwrap();

        let alive = Session::within(place.path()).unwrap();
        let next = Session::within(place.path()).unwrap();
        assert!(!dead.exists() && other.join(LOCK).exists() && alive.folder().exists());
        let folder = next.folder().to_owned();
        std::fs::write(folder.join("left"), "over").unwrap();
        drop(next);
        assert!(!folder.exists());
        assert!(alive.folder().exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_that_is_closed_is_opened_to_be_removed() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let closed = place.path().join("run/closed");
        std::fs::create_dir_all(closed.join("inner")).unwrap();
        std::fs::set_permissions(&closed, PermissionsExt::from_mode(0o0)).unwrap();
        remove(&place.path().join("run"));
        assert!(!closed.exists());
    }
}
