//! Files that are nobody else's business: whatever the umask says, they are readable and writable by whoever runs the
//! program alone, and no other user of the machine can have made them before.

use std::fs::{File, Permissions};
use std::io::Result;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file that is written beside the one that it becomes, under a name that nobody can guess. Dropped before that, it
/// is gone; a program that is killed leaves it behind, as `.tawzi-…`.
#[derive(Debug)]
pub struct PrivateFile {
    draft: NamedTempFile,
    target: PathBuf,
}

impl PrivateFile {
    /// An empty file that is to become that one.
    pub fn to_become(target: &Path) -> Result<Self> {
        let draft = Builder::new()
            .prefix(".tawzi-")
            .permissions(Permissions::from_mode(0o600))
            .tempfile_in(folder_of(target))?;
        Ok(Self {
            draft,
            target: target.to_owned(),
        })
    }

    /// Where it is meanwhile, for a program that writes it.
    pub fn path(&self) -> &Path {
        self.draft.path()
    }

    /// The file, to be written.
    pub fn file(&mut self) -> &mut File {
        self.draft.as_file_mut()
    }

    /// Makes it the file that it is to become, whole and on the disk; `AlreadyExists` when there is one, which stays
    /// as it is.
    pub fn keep(self) -> Result<()> {
        self.draft.as_file().sync_all()?;
        self.draft.persist_noclobber(&self.target)?;
        // The name, too, is on the disk only then.
        File::open(folder_of(&self.target))?.sync_all()
    }
}

fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

/// Whether other users of the machine may read or write the file; `false` when there is none.
pub fn is_open_to_others(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|metadata| metadata.mode() & 0o077 != 0)
}
