//! Which cases this process calculates, and that nobody else does.

use std::fmt;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The most shards.
const MOST: usize = 100_000;

/// A share of the cases: those whose number leaves the remainder `index` when divided by `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 0.
    pub index: usize,
    /// How many there are.
    pub of: usize,
}

/// Why there is no shard.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShardError {
    /// What is written is none.
    #[error(
        "{text:?} is no shard: write K/N, K from 0 to N − 1 and N at most {MOST}, for example 0/8, or auto"
    )]
    Unreadable {
        /// As written.
        text: String,
    },
    /// The scheduler says half of it.
    #[error("{present} is set, but {missing} is not: the number of shards is unknown; {hint}")]
    Incomplete {
        /// The variable that is there.
        present: &'static str,
        /// The variable that is not.
        missing: &'static str,
        /// The way out.
        hint: &'static str,
    },
    /// An array of Slurm that is no row of numbers: which of its tasks this is nobody says.
    #[error(
        "the array has {count} tasks from {first} to {last}, so some numbers are left out and the shard is unknown: submit \
         all of --array=0-{}, or write --shard K/N", .count - 1
    )]
    Gaps {
        /// The first task.
        first: usize,
        /// The last.
        last: usize,
        /// Tasks.
        count: usize,
    },
    /// Another process calculates it.
    #[error("shard {shard} is being calculated by {holder}: wait for it, or end it")]
    Held {
        /// The shard.
        shard: usize,
        /// Process and host.
        holder: String,
    },
    /// The folder cannot be made or locked.
    #[error("cannot lock {}: {source}", .path.display())]
    CannotLock {
        /// The lock.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl ShardError {
    /// How a command ends that met this error: 65 bad input, 73 cannot create, 75 in use.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Unreadable { .. } | Self::Incomplete { .. } | Self::Gaps { .. } => 65,
            Self::Held { .. } => 75,
            Self::CannotLock { .. } => 73,
        }
    }
}

impl Shard {
    /// All cases.
    pub const WHOLE: Shard = Shard { index: 0, of: 1 };

    /// Whether the case of that number is among them.
    #[must_use]
    pub const fn has(self, number: usize) -> bool {
        number % self.of == self.index
    }

    /// The shard that a scheduler's variables name: an array task of Slurm, a pod of an indexed job of Kubernetes
    /// (which does not tell how many there are: `ISOTHERM_SHARDS`), else all cases.
    ///
    /// # Errors
    /// [`ShardError::Incomplete`] where the number of shards is unknown, [`ShardError::Unreadable`].
    pub fn auto(variable: impl Fn(&str) -> Option<String>) -> Result<Shard, ShardError> {
        let number = |name: &str| -> Result<Option<usize>, ShardError> {
            let Some(text) = variable(name).filter(|text| !text.is_empty()) else { return Ok(None) };
            text.trim()
                .parse()
                .map(Some)
                .map_err(|_| ShardError::Unreadable { text: format!("{name}={text}") })
        };
        let slurm = number("SLURM_ARRAY_TASK_ID")?;
        let kubernetes = number("JOB_COMPLETION_INDEX")?;
        let (index, of) = if let Some(id) = slurm {
            let Some(count) = number("SLURM_ARRAY_TASK_COUNT")? else {
                let (present, missing) = ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT");
                return Err(ShardError::Incomplete { present, missing, hint: "write --shard K/N" });
            };
            // An array may begin at any number; with a stride the ids are that far apart.
            let first = number("SLURM_ARRAY_TASK_MIN")?.unwrap_or(0);
            let stride = number("SLURM_ARRAY_TASK_STEP")?.unwrap_or(1).max(1);
            let gaps = number("SLURM_ARRAY_TASK_MAX")?
                .filter(|last| last.saturating_sub(first) / stride + 1 != count);
            if let Some(last) = gaps {
                return Err(ShardError::Gaps { first, last, count });
            }
            (id.saturating_sub(first) / stride, count)
        } else if let Some(index) = kubernetes {
            let Some(count) = number("ISOTHERM_SHARDS")? else {
                let (present, missing) = ("JOB_COMPLETION_INDEX", "ISOTHERM_SHARDS");
                let hint = "set it to the completions of the job";
                return Err(ShardError::Incomplete { present, missing, hint });
            };
            (index, count)
        } else {
            return Ok(Shard::WHOLE);
        };
        Shard::new(index, of).ok_or(ShardError::Unreadable { text: format!("{index}/{of}") })
    }

    fn new(index: usize, of: usize) -> Option<Shard> {
        (index < of && of <= MOST).then_some(Shard { index, of })
    }
}

impl FromStr for Shard {
    type Err = ShardError;
    fn from_str(text: &str) -> Result<Self, ShardError> {
        let read = || {
            let (index, of) = text.trim().split_once('/')?;
            Shard::new(index.trim().parse().ok()?, of.trim().parse().ok()?)
        };
        read().ok_or_else(|| ShardError::Unreadable { text: text.to_owned() })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// The lock of a shard's folder; it ends with the process, however that ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

const LOCK: &str = "lock";

impl Lock {
    /// Locks a folder.
    pub fn take(folder: &Path, shard: usize) -> Result<Lock, ShardError> {
        let path = folder.join(LOCK);
        let cannot = |source| ShardError::CannotLock { path: path.clone(), source };
        fs::create_dir_all(folder).map_err(cannot)?;
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = file.map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.take(200).read_to_string(&mut holder);
                let holder = holder.trim();
                let holder = if holder.is_empty() { "another process".to_owned() } else { holder.to_owned() };
                return Err(ShardError::Held { shard, holder });
            }
            // Some network file systems know no locks.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(cannot(error)),
        }
        // Who holds it is for people to read; a full disk must not keep a sweep from being looked at.
        let told = format!("process {} on {}\n", std::process::id(), host());
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(told.as_bytes()));
        Ok(Lock { file })
    }

    /// Who holds the lock of a folder, if anyone does.
    pub fn holder(folder: &Path) -> Option<String> {
        let file = File::open(folder.join(LOCK)).ok()?;
        match file.try_lock_shared() {
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let _ = file.take(200).read_to_string(&mut holder);
                Some(holder.trim().to_owned())
            }
            _ => None,
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

fn host() -> String {
    let named =
        fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| fs::read_to_string("/etc/hostname"));
    named.map_or_else(|_| "an unnamed host".to_owned(), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(variables: &[(&str, &str)]) -> Result<Shard, ShardError> {
        Shard::auto(|name| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn a_shard_is_written_k_of_n() {
        assert_eq!("2/8".parse::<Shard>().unwrap(), Shard { index: 2, of: 8 });
        for wrong in ["8/8", "1", "a/2", "-1/2", "0/0", "0/999999"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        let has: Vec<usize> = (0..10).filter(|&n| Shard { index: 1, of: 4 }.has(n)).collect();
        assert_eq!(has, [1, 5, 9]);
    }

    #[test]
    fn an_array_of_slurm_may_begin_anywhere() {
        let of = |id| {
            let all =
                [("SLURM_ARRAY_TASK_ID", id), ("SLURM_ARRAY_TASK_COUNT", "8"), ("SLURM_ARRAY_TASK_MIN", "1")];
            auto(&all).unwrap()
        };
        assert_eq!((of("1"), of("8")), (Shard { index: 0, of: 8 }, Shard { index: 7, of: 8 }));
    }

    #[test]
    fn an_array_of_slurm_with_gaps_is_refused_and_one_with_a_stride_is_not() {
        let of = |id, last, step| {
            let all =
                [("SLURM_ARRAY_TASK_ID", id), ("SLURM_ARRAY_TASK_COUNT", "3"), ("SLURM_ARRAY_TASK_MIN", "1")];
            auto(&[&all[..], &[("SLURM_ARRAY_TASK_MAX", last), ("SLURM_ARRAY_TASK_STEP", step)]].concat())
        };
        // --array=1-7:3 has the tasks 1, 4 and 7; --array=1,3,7 as many, and its third would be shard 6 of 3.
        assert_eq!(of("7", "7", "3").unwrap(), Shard { index: 2, of: 3 });
        let refused = of("3", "7", "1").unwrap_err();
        assert_eq!(refused.exit_code(), 65);
        assert!(refused.to_string().contains("--array=0-2"), "{refused}");
    }

    #[test]
    fn an_indexed_job_must_be_told_how_many_there_are() {
        let whole = [("JOB_COMPLETION_INDEX", "3"), ("ISOTHERM_SHARDS", "16")];
        assert_eq!(auto(&whole).unwrap(), Shard { index: 3, of: 16 });
        let refused = auto(&whole[..1]).unwrap_err();
        assert!(refused.to_string().contains("ISOTHERM_SHARDS"), "{refused}");
        assert_eq!(auto(&[]).unwrap(), Shard::WHOLE);
    }

    #[test]
    fn a_folder_is_locked_once_and_freed_when_it_is_done() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path(), 0).unwrap();
        let refused = Lock::take(folder.path(), 0).unwrap_err();
        assert_eq!(refused.exit_code(), 75);
        assert!(refused.to_string().contains(&format!("process {}", std::process::id())), "{refused}");
        assert!(Lock::holder(folder.path()).is_some());
        drop(lock);
        assert!(Lock::holder(folder.path()).is_none());
        Lock::take(folder.path(), 0).unwrap();
    }
}
