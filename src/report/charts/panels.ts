const PANEL = { width: 264, height: 150, columnGap: 36, rowGap: 92 } as const;
const MARGIN = { top: 60, right: 12, bottom: 28, left: 46 } as const;

/** Place of a panel in a chart of small multiples. */
export interface PanelPlace {
  readonly column: number;
  readonly row: number;
}

export interface PanelArrangement {
  readonly places: readonly PanelPlace[];
  /** Width of each panel, in pixels. */
  readonly panelWidth: number;
  /** Sizes and facet scales for Plot. All panels have the same size, with room above for the name. */
  readonly frame: {
    readonly width: number;
    readonly height: number;
    readonly marginTop: number;
    readonly marginRight: number;
    readonly marginBottom: number;
    readonly marginLeft: number;
    readonly fx: object;
    readonly fy: object;
  };
}

/** Panels in rows, filled from the left. */
export function arrangePanels(count: number, columns: number): PanelArrangement {
  const across = Math.max(1, Math.min(count, columns));
  const down = Math.max(1, Math.ceil(count / across));
  const width = across * PANEL.width + (across - 1) * PANEL.columnGap;
  const height = down * PANEL.height + (down - 1) * PANEL.rowGap;
  const scale = (panels: number, size: number, gap: number) => ({
    axis: null,
    // Plot would shrink a single band by a gap that does not exist.
    paddingInner: panels === 1 ? 0 : gap / (size + gap),
    paddingOuter: 0,
    round: false,
  });
  return {
    places: Array.from({ length: count }, (_, index) => ({
      column: index % across,
      row: Math.floor(index / across),
    })),
    panelWidth: PANEL.width,
    frame: {
      width: width + MARGIN.left + MARGIN.right,
      height: height + MARGIN.top + MARGIN.bottom,
      marginTop: MARGIN.top,
      marginRight: MARGIN.right,
      marginBottom: MARGIN.bottom,
      marginLeft: MARGIN.left,
      fx: scale(across, PANEL.width, PANEL.columnGap),
      fy: scale(down, PANEL.height, PANEL.rowGap),
    },
  };
}
