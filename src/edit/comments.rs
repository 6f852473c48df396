//! The comments of a text, wherever they stand.

/// Where the scan stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum In {
    Plain,
    /// In a string that ends with this quote; of several lines, with three of them.
    Quote {
        quote: u8,
        is_long: bool,
    },
}

/// Each comment of a text in order, from its `#` to the end of its line, with what stands before it on the line.
pub fn comments(text: &str) -> Vec<(&str, &str)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let (mut at, mut start, mut state) = (0, 0, In::Plain);
    while let Some(byte) = bytes.get(at).copied() {
        let is_three = |quote: u8| bytes[at..].starts_with(&[quote; 3]);
        match (state, byte) {
            (In::Plain, b'#') => {
                let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
                found.push((text[start..at].trim(), text[at..end].trim_end()));
                at = end;
                continue;
            }
            (In::Plain, b'"' | b'\'') => {
                let is_long = is_three(byte);
                state = In::Quote { quote: byte, is_long };
                at += if is_long { 2 } else { 0 };
            }
            (In::Quote { quote: b'"', .. }, b'\\') => at += 1,
            (In::Quote { quote, is_long: true }, _) if is_three(quote) => {
                at += 2;
                state = In::Plain;
            }
            (In::Quote { quote, is_long: false }, _) if byte == quote => state = In::Plain,
            // A quote that is left open ends with its line.
            (In::Quote { is_long: false, .. }, b'\n') => state = In::Plain,
            _ => {}
        }
        at += 1;
        if byte == b'\n' {
            start = at;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_told_from_text_that_looks_like_one() {
        let text = "# one\na = \"# no\" # two\nb = '#' # three\nc = \"\"\"\n# no \\\" \"\n\"\"\" # four\nd = '''\n# no\n'''\r\n# 五\r\ne = \"\\\"#\"";
        assert_eq!(
            comments(text),
            [
                ("", "# one"),
                ("a = \"# no\"", "# two"),
                ("b = '#'", "# three"),
                ("\"\"\"", "# four"),
                ("", "# 五")
            ]
        );
    }
}
