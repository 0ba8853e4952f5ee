//! Where the words of a query stand. The parser's tree has no places, so a walk through it finds
//! them here: tokens in the order written, braces and brackets one token each.

/// The tokens of a query, and the next one to look at.
pub(super) struct Tokens<'q> {
    query: &'q str,
    tokens: Vec<Token<'q>>,
    next: usize,
    unbalanced: Option<(usize, String)>,
}

struct Token<'q> {
    at: usize,
    text: &'q str,
    depth: usize,
}

impl<'q> Tokens<'q> {
    /// Splits a query; it never fails, but may have a [`Self::fault`].
    pub(super) fn of(query: &'q str) -> Self {
        let mut tokens = Self { query, tokens: Vec::new(), next: 0, unbalanced: None };
        let (mut at, mut open) = (0, Vec::new());
        while let Some(c) = query[at..].chars().next() {
            let length = length(&query[at..], c).unwrap_or_else(|| {
                tokens.note(at, format!("`{c}` is not closed"));
                query.len() - at
            });
            let text = &query[at..at + length];
            if c == ')' && open.pop().is_none() {
                tokens.note(at, "`)` closes nothing".to_owned());
            }
            if !c.is_whitespace() && c != '#' {
                tokens.tokens.push(Token { at, text, depth: open.len() });
            }
            if c == '(' {
                open.push(at);
            }
            at += length;
        }
        if let Some(at) = open.pop() {
            tokens.note(at, "`(` is not closed".to_owned());
        }
        tokens
    }

    fn note(&mut self, at: usize, message: String) {
        self.unbalanced.get_or_insert((at, message));
    }

    /// The first unbalanced bracket or quote.
    pub(super) fn fault(&self) -> Option<(usize, String)> {
        self.unbalanced.clone()
    }

    /// Where a range first says what a program is to put in its place.
    pub(super) fn template(&self) -> Option<usize> {
        self.tokens.iter().find_map(|token| {
            let inside = token.text.strip_prefix('[')?;
            let written = inside.trim_start();
            let is_template = written.starts_with("{{") || written.starts_with('$');
            is_template.then(|| token.at + token.text.len() - written.len())
        })
    }

    /// Where the query first nests deeper than that.
    pub(super) fn deeper_than(&self, depth: usize) -> Option<usize> {
        self.tokens.iter().find(|token| token.depth > depth).map(|token| token.at)
    }

    /// Where the next token is.
    pub(super) fn here(&self) -> usize {
        self.tokens.get(self.next).map_or(self.query.len(), |token| token.at)
    }

    /// Passes the next token that reads so; where it was.
    pub(super) fn seek(&mut self, word: &str) -> usize {
        self.pass(|token| token.text == word)
    }

    /// Passes the next token that starts so; where it was.
    pub(super) fn seek_group(&mut self, open: char) -> usize {
        self.pass(|token| token.text.starts_with(open))
    }

    /// Where the next token is that reads like that.
    pub(super) fn find(&self, wanted: fn(&str) -> bool) -> usize {
        let rest = &self.tokens[self.next..];
        rest.iter().find(|token| wanted(token.text)).map_or(self.here(), |token| token.at)
    }

    /// Passes the binary operator at this depth after `skip` others; where it was.
    pub(super) fn pass_operator(&mut self, skip: usize) -> usize {
        let depth = self.tokens.get(self.next).map_or(0, |token| token.depth);
        let mut operand_before = false;
        let mut left = skip;
        for (i, token) in self.tokens.iter().enumerate().skip(self.next) {
            if token.depth < depth {
                break;
            }
            if token.depth > depth {
                continue;
            }
            let operator = OPERATORS.contains(&token.text);
            if operator && operand_before {
                if left == 0 {
                    self.next = i + 1;
                    return token.at;
                }
                left -= 1;
            }
            operand_before = !operator;
        }
        self.here()
    }

    fn pass(&mut self, wanted: impl Fn(&Token<'_>) -> bool) -> usize {
        let here = self.here();
        let found = self.tokens.iter().enumerate().skip(self.next).find(|(_, t)| wanted(t));
        let Some((i, token)) = found else { return here };
        let at = token.at;
        self.next = i + 1;
        at
    }
}

const OPERATORS: [&str; 16] = [
    "+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "and", "or", "unless", "atan2",
];

/// The length of the token that starts with `c`; `None` when it is not closed.
fn length(rest: &str, c: char) -> Option<usize> {
    let run = |inside: fn(char) -> bool| rest.find(|c| !inside(c)).unwrap_or(rest.len());
    Some(match c {
        '"' | '\'' | '`' => quoted(rest, c)?,
        '{' => closed(rest, '}')?,
        '[' => closed(rest, ']')?,
        '#' => rest.find('\n').unwrap_or(rest.len()),
        c if c.is_whitespace() => run(char::is_whitespace),
        c if word(c) => run(word),
        _ if OPERATORS.iter().any(|operator| rest.get(..2) == Some(operator)) => 2,
        c => c.len_utf8(),
    })
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '.')
}

/// The length of a quoted text at the start of `rest`.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' if quote != '`' => {
                chars.next();
            }
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length up to the closing character, past quoted texts.
fn closed(rest: &str, close: char) -> Option<usize> {
    let mut at = 1;
    while let Some(c) = rest[at..].chars().next() {
        match c {
            '"' | '\'' | '`' => at += quoted(&rest[at..], c)?,
            c if c == close => return Some(at + 1),
            c => at += c.len_utf8(),
        }
    }
    None
}
