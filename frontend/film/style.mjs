export const FILM_STYLE = `
.wb-film .wb-screen{position:absolute;inset:0;background:#000;touch-action:none}
.wb-film .wb-screen[data-empty=true]{visibility:hidden}
.wb-film .wb-preview{position:absolute;inset:0;width:100%;height:100%;object-fit:contain;background:#000;pointer-events:none}
.wb-film .wb-preview[hidden],.wb-film .wb-lens[hidden],.wb-film .wb-band[hidden],.wb-film .wb-pane[hidden]{display:none}
.wb-film .wb-grid{position:absolute;inset:0;display:grid;gap:2px;background:#2a3139}
.wb-film .wb-pane{position:relative;min-width:0;min-height:0;overflow:hidden;background:#000}
.wb-film .wb-grid:not([data-layout="1x1"]) .wb-pane[data-chosen=true]::after{content:"";position:absolute;inset:0;border:1px solid #5aa0e0;pointer-events:none;z-index:4}
.wb-film .wb-band{position:absolute;left:50%;bottom:48px;transform:translateX(-50%);z-index:2;padding:2px 10px;border-radius:3px;background:rgba(24,30,36,.85);color:#e4e9ee;white-space:nowrap;pointer-events:none}
.wb-film .wb-band[data-prior=true]{background:#6b4a0a;color:#ffe3a8;font-weight:600}
.wb-film .wb-grid[data-layout="2x2"] .wb-corner{font-size:11px;padding:3px 6px}
.wb-film .wb-lens{position:absolute;border:1px solid #6b7682;border-radius:4px;pointer-events:none;z-index:3;box-shadow:0 2px 12px #000}
.wb-film .wb-corner{position:absolute;z-index:2;padding:4px 8px;color:#cfe3f5;font-size:12px;white-space:pre;pointer-events:none;text-shadow:0 0 3px #000,0 0 3px #000,0 0 2px #000;font-variant-numeric:tabular-nums}
.wb-film .wb-corner[data-at=nw]{left:0;top:0}
.wb-film .wb-corner[data-at=sw]{left:0;bottom:0}
.wb-film .wb-corner[data-at=se]{right:0;bottom:0;text-align:right}
.wb-film .wb-corner[data-at=ne]{right:0;top:0;text-align:right;font-size:14px}
.wb-film .wb-edge{position:absolute;z-index:2;padding:4px 8px;color:#ffe39a;font-size:18px;font-weight:600;pointer-events:none;text-shadow:0 0 3px #000,0 0 3px #000}
.wb-film .wb-edge[hidden]{display:none}
.wb-film .wb-edge[data-at=top]{left:50%;top:0;transform:translateX(-50%)}
.wb-film .wb-edge[data-at=bottom]{left:50%;bottom:0;transform:translateX(-50%)}
.wb-film .wb-edge[data-at=left]{left:0;top:50%;transform:translateY(-50%)}
.wb-film .wb-edge[data-at=right]{right:0;top:50%;transform:translateY(-50%)}
.wb-film .wb-evidence{position:absolute;inset:0;width:100%;height:100%;z-index:1;pointer-events:none;overflow:hidden}
.wb-film .wb-evidence[hidden]{display:none}
.wb-film .wb-evidence polygon,.wb-film .wb-evidence polyline{fill:none;stroke:#7fe3c3;stroke-width:1.25;stroke-dasharray:5 4;opacity:.9}
.wb-film .wb-evidence [data-form=line]{stroke-dasharray:none;stroke-width:2}
.wb-film .wb-evidence :not(text)[data-tone=finding]{stroke:#ffb454}
.wb-film .wb-evidence :not(text)[data-tone=model]{stroke:#d79bff}
.wb-film .wb-evidence :not(text)[data-tone=quality]{stroke:#f2e05b}
.wb-film .wb-evidence text{fill:#7fe3c3;font-size:13px;paint-order:stroke;stroke:rgba(0,0,0,.75);stroke-width:2.5px;font-weight:600}
.wb-film .wb-evidence text[data-tone=finding]{fill:#ffb454}
.wb-film .wb-evidence text[data-tone=model]{fill:#d79bff}
.wb-film .wb-evidence text[data-tone=quality]{fill:#f2e05b}
.wb-film .wb-asking{position:absolute;z-index:5}
.wb-film .wb-asking[hidden]{display:none}
.wb-film .wb-asking input{all:unset;box-sizing:border-box;width:220px;height:30px;padding:0 8px;border:1px solid #3f82c4;border-radius:4px;background:#101316;color:#fff;user-select:text;-webkit-user-select:text}
@media (min-width:700px){.wb-film .wb-help-box dl{grid-template-columns:auto 1fr auto 1fr;column-gap:18px}}
.wb-chips{display:inline-flex;flex-wrap:wrap;gap:4px}
`;
