//! How many identities can each user reach? `cargo bench --bench reach -- DIR` reads `DIR/edges.csv` (`src,dst`) and
//! `DIR/nodes.csv` (`id,kind`; 1 is a user, 3 an identity) and answers in one line, through the library's own graph.
//! The time to compare is that of the whole process.

use anyhow::Context;
use dictum::graph::{Components, Counts, Network};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USER: u8 = 1;
const IDENTITY: u8 = 3;
/// How much of a file is read at once: what stays in the cache.
const WINDOW: usize = 1 << 18;

fn main() -> ExitCode {
    // Cargo passes flags and the name that it was asked for as well; a folder is told by what is in it.
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let Some(folder) = given.iter().find(|given| given.join("edges.csv").is_file()) else {
        println!(
            "usage: cargo bench --bench reach -- DIR, with DIR/edges.csv (src,dst) and DIR/nodes.csv (id,kind)"
        );
        return ExitCode::SUCCESS;
    };
    match answer(folder) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("error: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn answer(folder: &Path) -> anyhow::Result<String> {
    let (nodes_csv, edges_csv) = (folder.join("nodes.csv"), folder.join("edges.csv"));
    let mut kinds: Vec<u8> = vec![];
    each_pair(&nodes_csv, |id, kind| {
        let id = id as usize;
        let kind = u8::try_from(kind).unwrap_or(0);
        if id == kinds.len() {
            kinds.push(kind);
            return;
        }
        if id > kinds.len() {
            kinds.resize(id + 1, 0);
        }
        kinds[id] = kind;
    })
    .with_context(|| nodes_csv.display().to_string())?;
    let mut edges = vec![];
    each_pair(&edges_csv, |from, to| edges.push((from, to)))
        .with_context(|| edges_csv.display().to_string())?;
    let network = Network::new(kinds.len(), &edges);
    drop(edges);
    let is = |node: u32, kind: u8| kinds[node as usize] == kind;
    let components = Components::of(&network);
    let reach = Counts::of(&components, |node| is(node, IDENTITY));
    let (mut users, mut reaching, mut sum, mut max) = (0, 0, 0, 0);
    for user in (0..kinds.len() as u32).filter(|&node| is(node, USER)) {
        let count = reach.count(user);
        users += 1;
        reaching += usize::from(count > 0);
        sum += count;
        max = max.max(count);
    }
    Ok(format!("users {users} reaching {reaching} sum {sum} max {max}"))
}

/// The lines of a file after its first, each two numbers with a comma between them.
fn each_pair(path: &Path, mut see: impl FnMut(u32, u32)) -> io::Result<()> {
    let bad = || io::Error::new(io::ErrorKind::InvalidData, "a line is not two numbers");
    let mut file = File::open(path)?;
    let mut window = vec![0; WINDOW];
    let (mut filled, mut header) = (0, true);
    loop {
        let read = file.read(&mut window[filled..])?;
        filled += read;
        // Whole lines only; what is left goes to the front. The last line may lack its end.
        let whole = match memchr::memrchr(b'\n', &window[..filled]) {
            _ if read == 0 => filled,
            Some(end) => end + 1,
            None if filled < WINDOW => continue,
            None => return Err(bad()),
        };
        let mut lines = &window[..whole];
        if std::mem::take(&mut header) {
            lines = &lines[memchr::memchr(b'\n', lines).map_or(whole, |end| end + 1)..];
        }
        while !lines.is_empty() {
            let (first, rest) = number(lines).ok_or_else(bad)?;
            let (second, rest) = rest.strip_prefix(b",").and_then(number).ok_or_else(bad)?;
            lines = match rest {
                [b'\n', rest @ ..] | [b'\r', b'\n', rest @ ..] | rest @ [] => rest,
                _ => return Err(bad()),
            };
            see(first, second);
        }
        if read == 0 {
            return Ok(());
        }
        window.copy_within(whole..filled, 0);
        filled -= whole;
    }
}

/// The number that a text starts with, and the rest of it.
#[inline(always)]
fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    // Eight bytes at once, where that many are left and the number ends in them.
    if let Some(eight) = text.first_chunk() {
        let bytes = u64::from_le_bytes(*eight) ^ 0x3030_3030_3030_3030;
        let others = (bytes | bytes.wrapping_add(0x7676_7676_7676_7676)) & 0x8080_8080_8080_8080;
        let digits = others.trailing_zeros() as usize / 8;
        if (1..8).contains(&digits) {
            let ones = bytes << (64 - 8 * digits);
            let pairs = (ones * 10 + (ones >> 8)) & 0x00FF_00FF_00FF_00FF;
            let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
            return Some(((fours * 10_000 + (fours >> 32)) as u32, &text[digits..]));
        }
    }
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let value = std::str::from_utf8(&text[..digits]).ok()?.parse().ok()?;
    Some((value, &text[digits..]))
}
