export const FILM_STYLE = `
.wb-film .wb-screen{position:absolute;inset:0;background:#000;touch-action:none}
.wb-film .wb-screen[data-empty=true]{visibility:hidden}
.wb-film .wb-preview{position:absolute;inset:0;width:100%;height:100%;object-fit:contain;background:#000;pointer-events:none}
.wb-film .wb-preview[hidden],.wb-film .wb-proxy[hidden],.wb-film .wb-lens[hidden]{display:none}
.wb-film .wb-proxy{position:absolute;left:0;top:0;pointer-events:none}
.wb-film .wb-lens{position:absolute;border:1px solid #6b7682;border-radius:4px;pointer-events:none;z-index:3;box-shadow:0 2px 12px #000}
.wb-film .wb-corner{position:absolute;z-index:2;padding:4px 8px;color:#cfe3f5;font-size:12px;white-space:pre;pointer-events:none;text-shadow:0 0 3px #000,0 0 3px #000,0 0 2px #000;font-variant-numeric:tabular-nums}
.wb-film .wb-corner[data-at=nw]{left:0;top:0}
.wb-film .wb-corner[data-at=sw]{left:0;bottom:0}
.wb-film .wb-corner[data-at=se]{right:0;bottom:0;text-align:right}
.wb-chips{display:inline-flex;flex-wrap:wrap;gap:4px}
`;
