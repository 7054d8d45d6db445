//! What a disk can hold after a power cut, rebuilt from a record of `recorder.c`.
//!
//! The model is stricter than any real file system: a write is durable only once its file
//! has been synced after it, a name only once its directory has been. All else may be lost,
//! kept, or kept in part, each sector of 512 bytes by itself and in any order.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

const SECTOR: usize = 512;

/// One recorded call. Files and directories are told by `node`, unique in the record.
#[derive(Debug)]
pub enum Op {
    Create { path: PathBuf, node: u64 },
    Write { node: u64, at: usize, data: Vec<u8> },
    Truncate { node: u64, size: usize },
    Sync { node: u64 },
    Rename { from: PathBuf, to: PathBuf },
    Unlink { path: PathBuf },
    Mkdir { path: PathBuf, node: u64 },
    Ack(String),
}

/// Which of the writes that were not synced reached the disk.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    /// None.
    Dropped,
    /// All.
    Kept,
    /// All, but the last write to each file only in its first half.
    Torn,
    /// Each sector and each change of a directory as the number decides.
    Chance(u64),
}

/// The recorded calls in their order, paths relative to the recorded directory.
pub struct Record {
    pub ops: Vec<Op>,
    root_node: u64,
}

/// A small generator for choices (splitmix64), whose state is its seed.
pub fn chance(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Vec<u8> {
        let (head, rest) = self.0.split_at(count);
        self.0 = rest;
        head.to_vec()
    }
    fn u64(&mut self) -> u64 {
        u64::from_ne_bytes(self.take(8).try_into().expect("8 bytes"))
    }
    fn u32(&mut self) -> usize {
        u32::from_ne_bytes(self.take(4).try_into().expect("4 bytes")) as usize
    }
}

impl Record {
    /// Reads the record of what happened below `root`, whose inode is `root_inode`.
    pub fn read(bytes: &[u8], root: &Path, root_inode: u64) -> Self {
        let mut reader = Reader(bytes);
        // Inodes are used again after a removal; nodes are not.
        let mut nodes: HashMap<u64, u64> = HashMap::from([(root_inode, 0)]);
        let mut ops = Vec::new();
        while !reader.0.is_empty() {
            let kind = reader.take(1)[0];
            let (inode, at) = (reader.u64(), reader.u64() as usize);
            let (a, b) = (reader.u32(), reader.u32());
            let (a, b) = (reader.take(a), reader.take(b));
            let path = |bytes: &[u8]| {
                let text = String::from_utf8(bytes.to_vec()).expect("path");
                let path = PathBuf::from(text);
                path.strip_prefix(root).expect("below").to_owned()
            };
            if matches!(kind, b'C' | b'D') {
                nodes.insert(inode, ops.len() as u64 + 1);
            }
            let node = || nodes[&inode];
            ops.push(match kind {
                b'C' => Op::Create {
                    path: path(&a),
                    node: node(),
                },
                b'D' => Op::Mkdir {
                    path: path(&a),
                    node: node(),
                },
                b'W' => Op::Write {
                    node: node(),
                    at,
                    data: a,
                },
                b'T' => Op::Truncate {
                    node: node(),
                    size: at,
                },
                b'S' => Op::Sync { node: node() },
                b'R' => Op::Rename {
                    from: path(&a),
                    to: path(&b),
                },
                b'U' => Op::Unlink { path: path(&a) },
                b'A' => Op::Ack(String::from_utf8(a).expect("ack")),
                other => panic!("unknown record {other}"),
            });
        }
        Self { ops, root_node: 0 }
    }

    /// Whether each of the first `end` calls is certain to be on the disk.
    fn durable(&self, end: usize) -> Vec<bool> {
        let mut durable = vec![false; end];
        let mut pending: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut directories: HashMap<PathBuf, u64> =
            HashMap::from([(PathBuf::new(), self.root_node)]);
        let above = |path: &Path| path.parent().expect("parent").to_owned();
        for (i, op) in self.ops[..end].iter().enumerate() {
            match op {
                Op::Write { node, .. } | Op::Truncate { node, .. } => {
                    pending.entry(*node).or_default().push(i);
                }
                Op::Create { path, .. }
                | Op::Unlink { path }
                | Op::Rename { to: path, .. }
                | Op::Mkdir { path, .. } => {
                    if let Op::Mkdir { path, node } = op {
                        directories.insert(path.clone(), *node);
                    }
                    let directory = directories[&above(path)];
                    pending.entry(directory).or_default().push(i);
                }
                Op::Sync { node } => {
                    for i in pending.remove(node).unwrap_or_default() {
                        durable[i] = true;
                    }
                }
                Op::Ack(_) => {}
            }
        }
        durable
    }

    /// The files (path, bytes) and directories that a disk holds if the power goes after the
    /// first `end` calls and what was not synced meets this fate.
    pub fn image(&self, end: usize, fate: Fate) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
        let durable = self.durable(end);
        let mut last_write: HashMap<u64, usize> = HashMap::new();
        for (i, op) in self.ops[..end].iter().enumerate() {
            if let (Op::Write { node, .. }, false) = (op, durable[i]) {
                last_write.insert(*node, i);
            }
        }
        let mut seed = match fate {
            Fate::Chance(seed) => seed,
            Fate::Dropped | Fate::Kept | Fate::Torn => 0,
        };
        let mut names: BTreeMap<PathBuf, u64> = BTreeMap::new();
        let mut bodies: HashMap<u64, Option<Vec<u8>>> = HashMap::new();
        for (i, op) in self.ops[..end].iter().enumerate() {
            let whole = durable[i] || matches!(fate, Fate::Kept | Fate::Torn);
            let luck = || !matches!(fate, Fate::Dropped);
            match op {
                Op::Create { node, .. } => drop(bodies.insert(*node, Some(Vec::new()))),
                Op::Mkdir { node, .. } => drop(bodies.insert(*node, None)),
                Op::Write { .. }
                | Op::Truncate { .. }
                | Op::Sync { .. }
                | Op::Rename { .. }
                | Op::Unlink { .. }
                | Op::Ack(_) => {}
            }
            match op {
                Op::Write { node, at, data } => {
                    let torn = matches!(fate, Fate::Torn) && last_write.get(node) == Some(&i);
                    let mut keep = |sector: usize, first: usize| match fate {
                        _ if durable[i] => true,
                        Fate::Dropped => false,
                        Fate::Kept => true,
                        Fate::Torn => {
                            !torn
                                || (sector - first) * 2 * SECTOR < data.len() - 1
                                    && data.len() > SECTOR
                        }
                        Fate::Chance(_) => chance(&mut seed) & 1 == 1,
                    };
                    let body = bodies.get_mut(node).expect("file").as_mut().expect("file");
                    write(body, *at, data, &mut keep);
                }
                Op::Truncate { node, size } => {
                    if whole || luck() && chance(&mut seed) & 1 == 1 {
                        let body = bodies.get_mut(node).expect("file").as_mut();
                        body.expect("file").resize(*size, 0);
                    }
                }
                Op::Create { path, node } | Op::Mkdir { path, node } => {
                    if whole || luck() && chance(&mut seed) & 1 == 1 {
                        names.insert(path.clone(), *node);
                    }
                }
                Op::Unlink { path } => {
                    if whole || luck() && chance(&mut seed) & 1 == 1 {
                        names.remove(path);
                    }
                }
                Op::Rename { from, to } => {
                    if (whole || luck() && chance(&mut seed) & 1 == 1)
                        && let Some(node) = names.remove(from)
                    {
                        names.insert(to.clone(), node);
                    }
                }
                Op::Sync { .. } | Op::Ack(_) => {}
            }
        }
        names
            .into_iter()
            .map(|(path, node)| (path, bodies[&node].clone()))
            .collect()
    }

    /// The acknowledgements among the first `end` calls.
    pub fn acks(&self, end: usize) -> impl Iterator<Item = &str> {
        self.ops[..end].iter().filter_map(|op| {
            let Op::Ack(text) = op else { return None };
            Some(text.as_str())
        })
    }
}

/// Writes the sectors of `data` that `keep(sector, first sector)` lets through.
fn write(body: &mut Vec<u8>, at: usize, data: &[u8], keep: &mut dyn FnMut(usize, usize) -> bool) {
    let first = at / SECTOR;
    let mut done = 0;
    while done < data.len() {
        let sector = (at + done) / SECTOR;
        let end = ((sector + 1) * SECTOR - at).min(data.len());
        if keep(sector, first) {
            let (from, to) = (at + done, at + end);
            if body.len() < to {
                body.resize(to, 0);
            }
            body[from..to].copy_from_slice(&data[done..end]);
        }
        done = end;
    }
}

/// Writes an image below `root`, which is made anew.
pub fn lay_out(image: &BTreeMap<PathBuf, Option<Vec<u8>>>, root: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let _ = std::fs::remove_dir_all(root);
    std::fs::create_dir_all(root).expect("image");
    for (path, body) in image {
        let path = root.join(path);
        // What lies in a directory whose own name was lost is lost with it.
        if !path.parent().is_some_and(Path::is_dir) {
            continue;
        }
        let Some(body) = body else {
            std::fs::create_dir(&path).expect("directory");
            continue;
        };
        let mut options = std::fs::OpenOptions::new();
        let mut file = options
            .create(true)
            .write(true)
            .mode(0o600)
            .open(&path)
            .expect("file");
        std::io::Write::write_all(&mut file, body).expect("write");
    }
}
