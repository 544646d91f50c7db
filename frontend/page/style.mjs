/** Looks shared by the viewers: a dark reading room, one accent, nothing brighter than the picture. */

export const STYLE = `
.wb-viewer{position:relative;display:flex;flex-direction:column;width:100%;box-sizing:border-box;overflow:hidden;
 background:#101316;color:#d3d9df;font:13px/1.35 "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif;
 border:1px solid #262c33;border-radius:4px;outline:none;user-select:none;-webkit-user-select:none}
.wb-viewer:focus-visible{border-color:#3f82c4}
.wb-viewer *{box-sizing:border-box}
.wb-bar{display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;padding:4px 6px;background:#1a1f25;border-bottom:1px solid #2a3139;flex:none}
.wb-group{display:inline-flex;border:1px solid #343c45;border-radius:4px;overflow:hidden}
.wb-group .wb-button{border:0;border-radius:0;border-right:1px solid #343c45}
.wb-group .wb-button:last-child{border-right:0}
.wb-viewer .wb-button,.wb-viewer .wb-select{all:unset;box-sizing:border-box;height:26px;line-height:24px;padding:0 8px;border:1px solid #343c45;border-radius:4px;
 background:#20262d;color:#d3d9df;font:inherit;line-height:24px;cursor:pointer;white-space:nowrap}
.wb-viewer .wb-group .wb-button{height:24px;border-width:0 1px 0 0;border-radius:0}
.wb-viewer .wb-group .wb-button:last-child{border-right-width:0}
.wb-viewer .wb-button:hover,.wb-viewer .wb-select:hover{background:#2b333c}
.wb-viewer .wb-button:focus-visible,.wb-viewer .wb-select:focus-visible{box-shadow:0 0 0 2px #3f82c4 inset}
.wb-viewer .wb-button[aria-pressed=true]{background:#245b8f;color:#fff}
.wb-viewer .wb-button:disabled{opacity:.4;cursor:default}
.wb-viewer .wb-select{appearance:auto;padding:0 4px;max-width:210px}
.wb-viewer .wb-select option{background:#20262d;color:#d3d9df}
.wb-push{margin-left:auto}
.wb-chip{padding:2px 7px;border-radius:3px;background:#5a3a08;color:#ffd899;white-space:nowrap}
.wb-chip:empty{display:none}
.wb-stage{position:relative;flex:1 1 auto;min-height:0;overflow:hidden;background:#000}
.wb-notice{position:absolute;left:50%;top:14px;transform:translateX(-50%);max-width:86%;padding:6px 14px;border-radius:4px;background:rgba(24,30,36,.92);
 border:1px solid #3a434d;color:#e4e9ee;z-index:6;pointer-events:none}
.wb-notice[hidden],.wb-help[hidden],.wb-dialog[hidden]{display:none}
.wb-notice[data-kind=error]{background:#5b1a1a;border-color:#a13a3a;color:#ffe3e0;user-select:text;pointer-events:auto}
.wb-help,.wb-dialog{position:absolute;inset:0;display:flex;align-items:center;justify-content:center;background:rgba(8,10,12,.6);z-index:8}
.wb-help-box{max-height:94%;overflow:auto;padding:12px 20px;background:#1d232a;border:1px solid #3a434d;border-radius:6px}
.wb-help-box h3{margin:0 0 8px;font-size:15px;font-weight:600;color:#fff}
.wb-help-box p{margin:6px 0;max-width:460px}
.wb-help-box dl{display:grid;grid-template-columns:auto auto;gap:4px 18px;margin:0}
.wb-help-box dt{font-family:ui-monospace,"DejaVu Sans Mono",monospace;color:#9fd0ff}
.wb-help-box dd{margin:0}
`;
