/** What a model may write to break a page, each with `window.hurt = true` where it can carry a script. */
export const HOSTILE_TEXTS: readonly string[] = [
  '<script>window.hurt = true</script>',
  '</script><script>window.hurt = true</script>',
  '<!-- <script> --> </SCRIPT >',
  '<img src=x onerror="window.hurt = true">',
  '<svg onload="window.hurt = true"><a href="javascript:window.hurt = true">x</a></svg>',
  '<iframe srcdoc="<script>parent.hurt = true</script>"></iframe>',
  '<style>* { display: none !important }</style><link rel=stylesheet href="https://example.com/x.css">',
  '<meta http-equiv="refresh" content="0;url=https://example.com/">',
  '<base href="https://example.com/"><form action="https://example.com/"><button>Save file</button></form>',
  '"><body onload="window.hurt = true">',
  "' autofocus onfocus='window.hurt = true' x='",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is what is tried.
  '{{constructor.constructor("window.hurt = true")()}} ${window.hurt = true} <%= window.hurt = true %>',
  '[click](javascript:window.hurt%20=%20true) ![x](https://example.com/x.png)',
  'left \u202e thgir \u2066 isolate \u2069 and a \u200f mark',
  'a NUL \u0000, a bell \u0007, a lone half \ud83d, another \udc00, a separator \u2028 and \u2029',
  `a long word ${'x'.repeat(3_000)}`,
  `many lines ${'\n'.repeat(200)} and an end`,
];
