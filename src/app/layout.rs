//! Where things stand on the screen: geometry as pure functions, used by drawing and by the mouse alike.

/// A rectangle of cells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Area {
    /// The left column.
    pub x: u16,
    /// The upper row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

impl Area {
    /// The whole of a screen.
    #[must_use]
    pub fn of(width: u16, height: u16) -> Self {
        Self { x: 0, y: 0, width, height }
    }

    /// Whether a cell lies inside.
    #[must_use]
    pub fn holds(self, x: u16, y: u16) -> bool {
        (self.x..self.x.saturating_add(self.width)).contains(&x) && (self.y..self.y.saturating_add(self.height)).contains(&y)
    }

    /// Without a border.
    #[must_use]
    pub fn inner(self) -> Self {
        Self {
            x: self.x.saturating_add(1),
            y: self.y.saturating_add(1),
            width: self.width.saturating_sub(2),
            height: self.height.saturating_sub(2),
        }
    }

    /// The upper `rows`, and the rest.
    #[must_use]
    pub fn split_top(self, rows: u16) -> (Self, Self) {
        let rows = rows.min(self.height);
        (Self { height: rows, ..self }, Self { y: self.y.saturating_add(rows), height: self.height - rows, ..self })
    }

    /// All but the lower `rows`, and those.
    #[must_use]
    pub fn split_bottom(self, rows: u16) -> (Self, Self) {
        self.split_top(self.height.saturating_sub(rows))
    }

    /// The left `columns`, and the rest.
    #[must_use]
    pub fn split_left(self, columns: u16) -> (Self, Self) {
        let columns = columns.min(self.width);
        (Self { width: columns, ..self }, Self { x: self.x.saturating_add(columns), width: self.width - columns, ..self })
    }

    /// A box of at most this size in the middle.
    #[must_use]
    pub fn middle(self, width: u16, height: u16) -> Self {
        let (width, height) = (width.min(self.width), height.min(self.height));
        Self { x: self.x + (self.width - width) / 2, y: self.y + (self.height - height) / 2, width, height }
    }
}

/// Below this many columns a screen shows one pane at a time.
const ONE_PANE: u16 = 72;

/// The three bands of every screen: the title row, what it is about, the row of keys and messages.
#[must_use]
pub fn bands(screen: Area) -> (Area, Area, Area) {
    let (title, rest) = screen.split_top(1);
    let (body, bottom) = rest.split_bottom(1);
    (title, body, bottom)
}

/// Two panes with their borders; one has no width where there is room for one only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Panes {
    /// The left pane.
    pub left: Area,
    /// The right pane.
    pub right: Area,
    /// Whether there is room for both.
    pub both: bool,
}

/// Where the panes stand if `percent` of the columns belong to the left one.
#[must_use]
pub fn panes(body: Area, percent: u16, right_has_keys: bool) -> Panes {
    if body.width < ONE_PANE {
        let none = Area { width: 0, ..body };
        return if right_has_keys {
            Panes { left: none, right: body, both: false }
        } else {
            Panes { left: body, right: none, both: false }
        };
    }
    let columns = u32::from(body.width) * u32::from(percent) / 100;
    let columns = u16::try_from(columns).unwrap_or(body.width).clamp(24, body.width - 24);
    let (left, right) = body.split_left(columns);
    Panes { left, right, both: true }
}

/// The parts of the log's pane: its text, the minimap at its right edge, the explanation of the line below, which takes half of it where
/// more was asked for.
#[must_use]
pub fn log(pane: Area, more: bool) -> (Area, Area, Area) {
    let inner = pane.inner();
    let told = match inner.height {
        height if more => height.div_ceil(2),
        height if height >= 30 => 5,
        height if height >= 12 => 3,
        height => u16::from(height >= 5),
    };
    let (upper, explained) = inner.split_bottom(told);
    let map = if upper.width >= 60 { 2 } else { 1 };
    let (text, map) = upper.split_left(upper.width.saturating_sub(map));
    (text, map, explained)
}

/// The columns in front of a log line: its number and its mark.
#[must_use]
pub fn gutter(text: Area, lines: usize) -> u16 {
    let digits = u16::try_from(lines.max(1).ilog10()).unwrap_or(0) + 1;
    if text.width < 40 { 2 } else { digits + 3 }
}

/// The parts of the findings' pane: the list, which wants so many rows, and what the selected one says.
#[must_use]
pub fn findings(pane: Area, wanted: usize) -> (Area, Area) {
    let inner = pane.inner();
    let wanted = u16::try_from(wanted.max(2)).unwrap_or(u16::MAX);
    let list = wanted.min(if inner.height >= 12 { inner.height.div_ceil(2) } else { inner.height.saturating_sub(4).max(2) });
    inner.split_top(list)
}

/// The parts of the checklist's pane: the progress, the steps, and what the selected one says.
#[must_use]
pub fn checklist(pane: Area) -> (Area, Area, Area) {
    let inner = pane.inner();
    let (progress, rest) = inner.split_top(1);
    let detail = if rest.height >= 12 { rest.height * 2 / 5 } else { rest.height / 3 };
    let (steps, detail) = rest.split_bottom(detail);
    (progress, steps, detail)
}

/// Where a box that asks for a text stands: at the bottom, where messages are.
#[must_use]
pub fn prompt(screen: Area) -> Area {
    screen.split_bottom(3).1
}

/// Where a list of so many items that pops up stands, and where its rows are.
#[must_use]
pub fn popup(screen: Area, items: usize) -> (Area, Area) {
    let height = u16::try_from(items).unwrap_or(u16::MAX).saturating_add(4).min(screen.height.saturating_sub(2));
    let width = if screen.width >= 150 { 100 } else { 66 };
    let area = screen.middle(width, height);
    (area, area.inner().split_top(2).1)
}

/// Where a list must begin so that `selected` is seen in `height` rows, if it began at `top` before.
#[must_use]
pub fn scrolled(top: usize, selected: usize, height: usize) -> usize {
    let height = height.max(1);
    if selected < top { selected } else { top.max((selected + 1).saturating_sub(height)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panes_share_the_width_and_keep_a_least() {
        let body = Area::of(80, 22);
        let panes_at = |percent| panes(body, percent, false);
        assert_eq!((panes_at(55).left.width, panes_at(55).right.width), (44, 36));
        assert_eq!(panes_at(1).left.width, 24);
        assert_eq!(panes_at(99).right.width, 24);
        let narrow = panes(Area::of(40, 10), 55, true);
        assert_eq!((narrow.left.width, narrow.right.width, narrow.both), (0, 40, false));
    }

    #[test]
    fn nothing_breaks_on_the_smallest_screens() {
        for (width, height) in [(0, 0), (1, 1), (2, 3), (40, 2), (10_000, 1)] {
            let (_, body, _) = bands(Area::of(width, height));
            let panes = panes(body, 50, false);
            let (text, map, told) = log(panes.left, width % 2 == 0);
            assert!(text.width + map.width <= width && told.height <= height);
            let _ = (gutter(text, 0), findings(panes.left, 0), checklist(panes.left), popup(body, 9), prompt(body));
        }
    }

    #[test]
    fn lists_scroll_as_little_as_they_must() {
        assert_eq!(scrolled(0, 3, 5), 0);
        assert_eq!(scrolled(0, 5, 5), 1);
        assert_eq!(scrolled(4, 2, 5), 2);
        assert_eq!(scrolled(4, 2, 0), 2);
    }
}
