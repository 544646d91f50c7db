export const ECG_STYLE = `
.wb-paper{position:relative;flex:1 1 auto;min-height:0;overflow:auto;background:#0b0d0f}
.wb-paper::-webkit-scrollbar{width:10px;height:10px}
.wb-paper::-webkit-scrollbar-thumb{background:#3a434d;border-radius:5px}
.wb-paper::-webkit-scrollbar-corner{background:transparent}
.wb-columns{display:flex;flex-direction:row}
.wb-rows{flex:1 1 0;min-width:0;display:flex;flex-direction:column}
.wb-slot{flex:none;min-width:0;overflow:auto;background:#101316}
.wb-slot:empty{display:none}
.wb-tools:empty{display:none}
.wb-tools{display:inline-flex;gap:4px;flex-wrap:wrap}
.wb-sheet{position:relative;margin:0 auto}
.wb-sheet canvas{position:absolute;left:0;top:0;display:block}
.wb-sheet canvas:last-child{cursor:crosshair;touch-action:none}
.wb-info{flex:none;padding:2px 8px;background:#1a1f25;border-top:1px solid #2a3139;color:#9aa5b1;font-size:12px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.wb-info:empty{display:none}
.wb-where{color:#9aa5b1}
.wb-card{height:96px;margin:12px 0;border:2px solid #9fd0ff;border-radius:8px;background:rgba(159,208,255,.12);display:flex;align-items:center;justify-content:center;color:#9fd0ff}
.wb-dialog input[type=range]{width:100%;min-width:420px}
.wb-dialog-buttons{display:flex;justify-content:flex-end;gap:8px;margin-top:12px}
`;
