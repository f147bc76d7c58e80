/**
 * A kind of content, as far as a media type or the ending of a name tells it.
 *
 * - `page`: HTML.
 * - `json`, `xml`: data, which is also how hosts write their errors.
 * - `code`: a script, a style sheet, or a text.
 * - `media`: an image, a sound, a video or a font.
 * - `binary`: anything else that no person reads.
 */
export type ContentKind = 'page' | 'json' | 'xml' | 'code' | 'media' | 'binary';

type Row = readonly [kind: ContentKind, pattern: RegExp];

/** A type without a row can be anything: hosts send `text/plain` and `application/octet-stream` for what they do not know. */
const TYPES: readonly Row[] = [
  ['page', /^(?:text\/html|application\/xhtml\+xml)/],
  ['media', /^(?:image|audio|video|font)\//],
  ['json', /^(?:text|application)\/(?:x-|[\w.-]{1,40}\+)?json(?![\w+-])/],
  ['xml', /^(?:text|application)\/(?:[\w.-]{1,40}\+)?xml(?![\w+-])/],
  ['code', /^(?:text|application)\/(?:css|(?:x-)?(?:java|ecma)script)/],
];

/** Endings of names. One without a row can be anything. */
const NAMES: readonly Row[] = [
  ['page', /^(?:s?html?|xht(?:ml)?)$/],
  ['json', /^(?:(?:geo)?json|webmanifest)$/],
  ['code', /^(?:[cm]?js|css|txt|csv|md)$/],
  [
    'media',
    /^(?:a?png|jpe?g|gif|webp|avif|heic|jxl|svg|ico|bmp|tiff?|jfif|basis|ktx2?|dds|hdr|exr|mp[34]|m4[abv]|wav|og[agv]|opus|aac|flac|webm|mov|mkv|avi|woff2?|[to]tf|eot)$/,
  ],
  [
    'binary',
    /^(?:wasm|onnx(?:[_-]data)?|ort|gg(?:ml|uf)|safetensors|bin|pth?|ckpt|pkl|pb|pbf|tflite|litertlm|task|mlmodel|model|spm|h5|hdf5|np[yz]|msgpack|traineddata|parquet|arrow|feather|sqlite3?|duckdb|db|(?:mb|pm)tiles|zip|gz|br|zst|xz|bz2|7z|tgz|tar|rar|whl|jar|data?|pack|glb|fbx|stl|la[sz]|ply|[bi]3dm|pnts|terrain|drc|k?splat|sp[vz]|sf[23]|pdf|iso|exe|dmg|apk|keras|weights|params|tiktoken|conda|lz4|lzma)$/,
  ],
];

/** Kinds of the destinations that use one kind of content. https://fetch.spec.whatwg.org/#concept-request-destination */
const DESTINATIONS: readonly Row[] = [
  ['page', /^(?:document|i?frame|embed|object)$/],
  ['json', /^(?:json|manifest)$/],
  ['code', /^(?:script|style|.*worker|.*worklet)$/],
  ['media', /^(?:image|audio|video|font)$/],
];

const find = (rows: readonly Row[], text: string): ContentKind | undefined =>
  rows.find(([, pattern]) => pattern.test(text))?.[0];

export const kindOfType = (type: string): ContentKind | undefined => find(TYPES, type);

export const kindOfDestination = (destination: string): ContentKind | undefined =>
  find(DESTINATIONS, destination);

/**
 * @param path of a URL. The name of a file that a host decompresses, such as `model.json.gz`, ends before `.gz`, and that
 * of a file in parts, such as `model.onnx.001` and `model.gguf.part1`, before its number.
 */
export const kindOfName = (path: string): ContentKind | undefined =>
  find(NAMES, (/\.([\w-]{1,20})(?:\.(?:gz|br|zst|(?:part)?\d{1,5}))?$/.exec(path)?.[1] ?? '').toLowerCase());

/** The kinds that cannot be right where another one is wanted. HTML has a rule of its own. */
const WRONG: Readonly<Record<ContentKind, readonly ContentKind[]>> = {
  page: ['media', 'code'],
  json: ['media', 'xml'],
  xml: [],
  code: ['media', 'json', 'xml'],
  media: ['json', 'xml', 'code'],
  binary: ['json', 'xml', 'media', 'code'],
};

/** Tells whether content of one kind cannot be what is wanted. */
export const isWrongKind = (wanted: ContentKind | undefined, got: ContentKind | undefined): boolean =>
  wanted !== undefined && got !== undefined && WRONG[wanted].includes(got);
