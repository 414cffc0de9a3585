/// Where a fact was read: 12 bytes. The file and the pointer are made only for what is reported.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Which array of which file, in [`Origins`].
    pub part: u32,
    /// The element of that array; [`Origin::WHOLE`] where the part itself is the record.
    pub index: u32,
    /// The line on which the record begins, from 1.
    pub line: u32,
}

impl Origin {
    /// No element: the part itself.
    pub const WHOLE: u32 = u32::MAX;
}

/// The parts (arrays of records) of the files that were read.
#[derive(Default, Clone, Debug)]
pub struct Origins {
    files: Vec<String>,
    parts: Vec<(u32, String)>,
}

impl Origins {
    /// Adds a file by the name that the user gave; gives its index.
    pub fn file(&mut self, name: impl Into<String>) -> u32 {
        self.files.push(name.into());
        self.files.len() as u32 - 1
    }

    /// Adds a part: the JSON pointer (RFC 6901) of an array of that file, `""` for the document itself.
    pub fn part(&mut self, file: u32, pointer: impl Into<String>) -> u32 {
        self.parts.push((file, pointer.into()));
        self.parts.len() as u32 - 1
    }

    /// The names of the files, in the order they were read.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// The file of an origin.
    pub fn file_of(&self, origin: Origin) -> &str {
        self.parts.get(origin.part as usize).map_or("", |&(file, _)| &self.files[file as usize])
    }

    /// The JSON pointer of an origin's record.
    pub fn pointer(&self, origin: Origin) -> String {
        let pointer = self.parts.get(origin.part as usize).map_or("", |(_, pointer)| pointer);
        if origin.index == Origin::WHOLE { pointer.to_owned() } else { format!("{pointer}/{}", origin.index) }
    }
}
