export const ECG_STYLE = `
.wb-columns{display:flex;flex-direction:row}
.wb-rows{flex:1 1 0;min-width:0;min-height:0;display:flex;flex-direction:column}
.wb-slot{flex:none;min-width:0;overflow:auto;background:#101316}
.wb-slot:empty{display:none}
.wb-ecg .wb-bar{gap:4px 6px}
.wb-part{display:inline-flex;flex-wrap:wrap;gap:4px;align-items:center}
.wb-part:empty,.wb-tools:empty{display:none}
.wb-tools{display:inline-flex;gap:4px;flex-wrap:wrap}
.wb-ecg .wb-bar .wb-select{padding:0 2px;max-width:132px}
.wb-ecg .wb-bar .wb-button{padding:0 7px}
.wb-viewer .wb-button.wb-wanted{border-color:#b98a2e;color:#ffd899}
.wb-paper{position:relative;flex:1 1 auto;min-height:0;overflow:auto;background:#0b0d0f;overscroll-behavior:contain}
.wb-paper::-webkit-scrollbar{width:10px;height:10px}
.wb-paper::-webkit-scrollbar-thumb{background:#3a434d;border-radius:5px}
.wb-paper::-webkit-scrollbar-corner{background:transparent}
.wb-sheet{position:relative;margin:0 auto}
.wb-window{position:sticky;left:0;top:0;overflow:hidden}
.wb-window canvas{position:absolute;left:0;top:0;display:block}
.wb-window canvas:last-child{cursor:crosshair;touch-action:none;-webkit-touch-callout:none}
.wb-scrub{position:relative;flex:none;height:26px;background:#161b20;border-top:1px solid #2a3139;touch-action:none;cursor:pointer;overflow:hidden}
.wb-scrub[hidden]{display:none}
.wb-scrub canvas{position:absolute;inset:0}
.wb-thumb{position:absolute;top:2px;bottom:2px;min-width:10px;border:1px solid #6fa8dc;border-radius:3px;background:rgba(111,168,220,.28)}
.wb-gate{flex:none;padding:3px 8px;background:#4a3005;border-bottom:1px solid #7a5a12;color:#ffe1a8;font-size:13px;user-select:text}
.wb-gate:empty{display:none}
.wb-info{flex:none;padding:2px 8px;background:#1a1f25;border-top:1px solid #2a3139;color:#9aa5b1;font-size:12px;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.wb-info:empty{display:none}
.wb-where{color:#9aa5b1;white-space:nowrap;font-variant-numeric:tabular-nums}
.wb-where:empty{display:none}
.wb-ecg .wb-help-box dl{grid-template-columns:auto auto auto auto}
.wb-card{height:96px;margin:12px 0;border:2px solid #9fd0ff;border-radius:8px;background:rgba(159,208,255,.12);display:flex;align-items:center;justify-content:center;color:#9fd0ff;box-sizing:border-box}
.wb-card[data-by=ruler]{height:40px;border-width:0 2px;border-radius:0}
.wb-dialog .wb-help-box{max-width:98%}
.wb-slider{display:flex;gap:6px;align-items:center}
.wb-dialog input[type=range]{flex:1;min-width:0}
.wb-dialog-buttons{display:flex;justify-content:flex-end;gap:8px;margin-top:12px}
.wb-narrow .wb-bar{flex-wrap:nowrap;overflow-x:auto;overscroll-behavior:contain;padding:4px}
.wb-narrow .wb-part,.wb-narrow .wb-tools{flex-wrap:nowrap}
.wb-narrow .wb-bar>*{flex:none;white-space:nowrap}
.wb-narrow .wb-bar .wb-push{display:none}
.wb-viewer.wb-narrow .wb-button,.wb-viewer.wb-narrow .wb-select,.wb-viewer.wb-narrow .wb-group .wb-button{height:44px;line-height:42px;min-width:44px;text-align:center;flex:none}
.wb-viewer.wb-narrow .wb-select{padding:11px 4px;max-width:150px}
.wb-narrow .wb-scrub{height:44px}
.wb-narrow .wb-columns{flex-direction:column}
.wb-narrow .wb-slot{max-height:55%}
.wb-narrow .wb-help-box{padding:10px;font-size:13px}
.wb-narrow .wb-help-box dl{grid-template-columns:auto 1fr}
`;
