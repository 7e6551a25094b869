//! Finds the places of a source that are mutated.

use std::ops::Range;

use syn::{
    Arm, BinOp, Block, Expr, ExprBinary, ExprStruct, ExprUnary, ImplItemFn, ItemFn, Member, TraitItemFn,
    UnOp,
    spanned::Spanned,
    visit::{self, Visit},
};

use crate::{Mutant, Place, Wanted};

/// What is replaced in the source, and by what.
pub struct Site {
    pub range: Range<usize>,
    pub kind: Kind,
}

pub enum Kind {
    /// A function's body, between its braces. Each mutant returns at once.
    Body(Vec<Mutant>),
    /// `&&`, or `||`.
    Logic { left: Range<usize>, is_and: bool, right: Range<usize>, mutant: Mutant },
    /// An operator that may have several mutants.
    Operator { left: Range<usize>, operator: Range<usize>, right: Range<usize>, mutants: Vec<Mutant> },
    /// `!` or `-` that is left out.
    Prefix { is_not: bool, operand: Range<usize>, mutant: Mutant },
    /// What comes between an arm's pattern and its arrow.
    Guard { guard: Option<Range<usize>>, has_let: bool, mutants: Vec<Mutant>, deleted: Option<Mutant> },
    /// A literal with `..`, and a field of it with the comma.
    Field { field: Range<usize>, mutant: Mutant },
}

impl Site {
    pub fn numbers(&self) -> Vec<usize> {
        match &self.kind {
            Kind::Body(mutants) | Kind::Operator { mutants, .. } => {
                mutants.iter().map(|it| it.number).collect()
            }
            Kind::Logic { mutant, .. } | Kind::Prefix { mutant, .. } | Kind::Field { mutant, .. } => {
                vec![mutant.number]
            }
            Kind::Guard { mutants, deleted, .. } => {
                mutants.iter().chain(deleted).map(|it| it.number).collect()
            }
        }
    }
}

/// Outer ones come before inner ones. Of what is wanted and not found nothing is said.
pub fn find(source: &str, wanted: Wanted) -> syn::Result<Vec<Site>> {
    let file = syn::parse_file(source)?;
    let lines = source.split_inclusive('\n').scan(0, |end, line| {
        let start = *end;
        *end += line.len();
        Some(start)
    });
    let mut finder = Finder { source, lines: lines.collect(), wanted, sites: Vec::new() };
    finder.visit_file(&file);
    Ok(finder.sites)
}

struct Finder<'a> {
    source: &'a str,
    lines: Vec<usize>,
    wanted: Wanted,
    sites: Vec<Site>,
}

impl Finder<'_> {
    fn offset(&self, place: proc_macro2::LineColumn) -> usize {
        let line = self.lines[place.line - 1];
        let rest = &self.source[line..];
        line + rest.char_indices().nth(place.column).map_or(rest.len(), |(at, _)| at)
    }

    fn range(&self, node: &impl Spanned) -> Range<usize> {
        self.offset(node.span().start())..self.offset(node.span().end())
    }

    fn take(&mut self, genre: &str, node: &impl Spanned) -> Vec<Mutant> {
        let start = node.span().start();
        let place = Place { line: start.line, column: start.column + 1 };
        self.wanted.remove(&(genre.to_owned(), place)).unwrap_or_default()
    }

    fn add(&mut self, range: Range<usize>, kind: Kind) {
        self.sites.push(Site { range, kind });
    }

    fn body(&mut self, block: &Block) {
        let Some(first) = block.stmts.first() else { return };
        let mutants = self.take("FnValue", first);
        if !mutants.is_empty() {
            let range = self.range(block);
            self.add(range.start + 1..range.end - 1, Kind::Body(mutants));
        }
    }
}

/// Whether a condition binds something, and therefore cannot be put in parentheses.
fn has_let(condition: &Expr) -> bool {
    match condition {
        Expr::Let(_) => true,
        Expr::Binary(ExprBinary { left, op: BinOp::And(_), right, .. }) => has_let(left) || has_let(right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, node: &'ast ItemFn) {
        self.body(&node.block);
        visit::visit_item_fn(self, node);
    }

    fn visit_impl_item_fn(&mut self, node: &'ast ImplItemFn) {
        self.body(&node.block);
        visit::visit_impl_item_fn(self, node);
    }

    fn visit_trait_item_fn(&mut self, node: &'ast TraitItemFn) {
        if let Some(block) = &node.default {
            self.body(block);
        }
        visit::visit_trait_item_fn(self, node);
    }

    fn visit_expr_binary(&mut self, node: &'ast ExprBinary) {
        let mut mutants = self.take("BinaryOperator", &node.op);
        let (left, operator, right) = (self.range(&node.left), self.range(&node.op), self.range(&node.right));
        let range = left.start..right.end;
        match node.op {
            BinOp::And(_) | BinOp::Or(_) => {
                if let Some(mutant) = mutants.pop()
                    && !has_let(&node.left)
                    && !has_let(&node.right)
                {
                    let is_and = matches!(node.op, BinOp::And(_));
                    self.add(range, Kind::Logic { left, is_and, right, mutant });
                }
            }
            _ if !mutants.is_empty() => self.add(range, Kind::Operator { left, operator, right, mutants }),
            _ => {}
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast ExprUnary) {
        if let Some(mutant) = self.take("UnaryOperator", &node.op).pop() {
            let is_not = matches!(node.op, UnOp::Not(_));
            let operand = self.range(&node.expr);
            self.add(self.range(node), Kind::Prefix { is_not, operand, mutant });
        }
        visit::visit_expr_unary(self, node);
    }

    fn visit_arm(&mut self, node: &'ast Arm) {
        let deleted = self.take("MatchArm", node).pop();
        let guard = node.guard.as_ref().map(|(_, guard)| guard);
        let mutants = guard.map(|guard| self.take("MatchArmGuard", &**guard)).unwrap_or_default();
        if deleted.is_some() || !mutants.is_empty() {
            let range = self.range(&node.pat).end..self.range(&node.fat_arrow_token).start;
            let has_let = guard.is_some_and(|guard| has_let(guard));
            let guard = guard.map(|guard| self.range(&**guard));
            self.add(range, Kind::Guard { guard, has_let, mutants, deleted });
        }
        visit::visit_arm(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'ast ExprStruct) {
        for pair in node.fields.pairs() {
            let field = pair.value();
            if let Member::Named(name) = &field.member
                && let Some(mutant) = self.take("StructField", name).pop()
            {
                let comma = pair.punct().map_or(self.range(*field).end, |comma| self.range(*comma).end);
                let field = self.range(*field).start..comma;
                self.add(self.range(node), Kind::Field { field, mutant });
            }
        }
        visit::visit_expr_struct(self, node);
    }
}
