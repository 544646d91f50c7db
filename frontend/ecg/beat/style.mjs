export const BEAT_STYLE = `
.wb-rows:has(>.wb-under [data-whole=true]:not([hidden]))>:is(.wb-paper,.wb-scrub){display:none}
.wb-rows:has(>.wb-under [data-whole=true]:not([hidden]))>.wb-under{flex:1 1 0;min-height:0}
.wb-narrow .wb-slot:has([data-whole=true]:not([hidden])){max-height:none}
.wb-under:has([data-whole=false]:not([hidden])){flex:0 0 56%}
.wb-beat,.wb-compare{display:flex;flex-direction:column;min-height:100%;border-top:1px solid #2a3139;background:#101316}
.wb-beat[hidden],.wb-compare[hidden],.wb-mark[hidden]{display:none}
.wb-beat .wb-bar,.wb-compare .wb-bar{position:sticky;top:0;z-index:4}
.wb-beat h3,.wb-compare h3{margin:0;font-size:13px;font-weight:600;color:#fff;white-space:nowrap}
.wb-dim{color:#9aa5b1;font-size:12px}
.wb-beat-paper{position:relative;overflow:hidden;flex:none;background:#0b0d0f}
.wb-beat-paper canvas{position:absolute;left:0;top:0;display:block}
.wb-viewer .wb-mark:focus-visible{outline:none!important}
.wb-marks{position:absolute;inset:0;touch-action:pan-y}
.wb-mark{position:absolute;top:0;bottom:0;width:0;outline:none;cursor:ew-resize;touch-action:none}
.wb-mark::before{content:"";position:absolute;left:-6px;width:12px;top:0;bottom:0}
.wb-tag{position:absolute;left:-5px;min-width:26px;height:21px;padding:0 5px;font:600 12px/20px "Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;color:#0b3f80;background:#e4effb;border:1px solid #0b57b0;border-radius:3px;white-space:nowrap}
.wb-mark:focus .wb-tag{background:#0b57b0;color:#fff;box-shadow:0 0 0 2px #ffd899}
.wb-said{min-height:20px;padding:1px 8px;color:#ffd899;font-size:12.5px}
.wb-said:empty{min-height:0;padding:0}
.wb-said[data-kind=refused]{background:#5b1a1a;color:#ffe3e0}
.wb-leads{display:flex;flex-wrap:wrap;gap:3px;padding:4px 8px}
.wb-viewer .wb-leads .wb-button{min-width:38px;text-align:center;padding:0 6px}
.wb-below{display:flex;flex-wrap:wrap;gap:10px;padding:4px 8px 10px;align-items:flex-start}
.wb-numbers{border-collapse:collapse;font-variant-numeric:tabular-nums;flex:1 1 340px;max-width:640px}
.wb-numbers caption{text-align:left;color:#9aa5b1;font-size:12px;padding:2px 0}
.wb-numbers th,.wb-numbers td{padding:1px 8px;white-space:nowrap;border-bottom:1px solid #262d34;text-align:right;vertical-align:top;font-weight:400}
.wb-numbers th:first-child{text-align:left;color:#b9c3cd;white-space:nowrap}
.wb-numbers thead th{color:#9aa5b1;font-size:12px;border-bottom-color:#3a434d;white-space:nowrap}
.wb-numbers td b{color:#fff;font-weight:600}
.wb-numbers .own{background:#182430}
.wb-numbers .none{color:#9aa5b1;font-size:11.5px;white-space:normal;max-width:130px}
.wb-numbers .warn{color:#ffd899;font-size:11.5px;white-space:normal}
.wb-numbers .changed{color:#fff;font-weight:600}
.wb-st{flex:1 0 420px;max-width:100%;overflow-x:auto}
.wb-st table{border-collapse:collapse;font-variant-numeric:tabular-nums}
.wb-st th,.wb-st td{padding:0 1px;text-align:center;font-weight:400;font-size:11px;min-width:28px}
.wb-st tbody th{text-align:left;color:#9aa5b1;white-space:nowrap;padding-right:6px}
.wb-st .chest{border-left:1px solid #46515c}
.wb-viewer .wb-st thead .wb-button{padding:0 2px;min-width:28px;font-size:12px;text-align:center;height:22px;line-height:20px}
.wb-bars{position:relative;height:96px;margin:0 auto;width:28px}
.wb-bars i{position:absolute;left:0;right:0;border-top:1px dashed #4a5560}
.wb-bars i.zero{border-top:1px solid #aab4be}
.wb-bars b{position:absolute;width:8px;border:1px solid #d3d9df;min-height:1px}
.wb-bars b:nth-of-type(1){left:1px;background:#d3d9df}
.wb-bars b:nth-of-type(2){left:10px;background:repeating-linear-gradient(45deg,#d3d9df 0 2px,#101316 2px 4px)}
.wb-bars b:nth-of-type(3){left:19px;background:#101316}
.wb-key{display:inline-block;width:9px;height:9px;border:1px solid #d3d9df;margin-right:4px;vertical-align:-1px}
.wb-key.j{background:#d3d9df}.wb-key.j60{background:repeating-linear-gradient(45deg,#d3d9df 0 2px,#101316 2px 4px)}
.wb-axis{position:relative;height:96px;width:46px;font-size:10.5px;color:#9aa5b1}
.wb-axis span{position:absolute;right:2px;transform:translateY(-50%);white-space:nowrap}
.wb-pair{display:grid;gap:6px;padding:6px;height:100%;box-sizing:border-box;grid-template-rows:minmax(0,1fr) minmax(0,1fr)}
.wb-pair.wide{grid-template-columns:1fr 1fr;grid-template-rows:minmax(0,1fr)}
.wb-compare[data-view=papers]{height:100%;min-height:320px}
.wb-compare[data-view=papers] .wb-compare-body{flex:1 1 0;min-height:0}
.wb-half{min-width:0;min-height:0;display:flex;flex-direction:column;border:1px solid #2a3139}
.wb-half.earlier{border:2px solid #b98a1e}
.wb-half figcaption{padding:3px 8px;background:#1a1f25;display:flex;gap:10px;flex-wrap:wrap}
.wb-half.earlier figcaption{background:#5b3f06;color:#ffe9bd}
.wb-half .wb-scroll{overflow:auto;flex:1 1 0;min-height:0}
.wb-half .wb-over{color:#ffb3ad}
.wb-half canvas{display:block}
.wb-who{padding:3px 8px}
.wb-who .line{display:inline-block;width:30px;border-top:2px solid #fff;margin:0 6px 0 0;vertical-align:4px}
.wb-who .line.dash{border-top-style:dashed;border-color:#ffd899}
@media (pointer:coarse){.wb-mark::before{left:-16px;width:32px}.wb-tag{height:30px;line-height:29px;min-width:34px}.wb-viewer .wb-leads .wb-button{height:34px;line-height:32px;min-width:46px}}
@media (max-width:560px){.wb-numbers th,.wb-numbers td{padding:1px 4px}.wb-below{padding:4px}}
`;
