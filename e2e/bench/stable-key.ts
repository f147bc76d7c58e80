// How long does it take to make a key? The peers do less: `none` only parses the URL, and `hand-written` removes the
// query, which drops a file's version along with its signature.
import {stableKey} from '@holdfast/service-worker/keys';
import {median, round} from './report/report.ts';
import {rounds} from './report/rounds.ts';

const RUNS = rounds(40);
const KEYS_PER_RUN = 6_000;

const HASH = '33ad745d0c4b4f2a33ad745d0c4b4f2a33ad745d0c4b4f2a33ad745d0c4b4f2a';
const SIGNATURE = 'Zm9sZGZhc3Q'.repeat(24);
const CLOUDFRONT = `Expires=1767225600&Policy=${SIGNATURE}&Signature=${SIGNATURE}&Key-Pair-Id=01KAYHXK`;

const signed = [
  `https://us.aws.cdn.hf.co/xet-bridge-us/63bed80836ee0123456789ab/${HASH}?response-content-disposition=inline%3B&X-Xet-Cas-Uid=public&user_id=public&${CLOUDFRONT}`,
  `https://b.s3.eu-west-1.amazonaws.com/models/m.onnx?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIA%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=${HASH}&versionId=3`,
  `https://account.blob.core.windows.net/c/m.onnx?sv=2025-07-05&se=2026-01-02T00%3A00%3A00Z&sr=b&sp=r&sig=${HASH}%3D`,
  `https://storage.googleapis.com/b/m.onnx?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=me%40p.iam&X-Goog-Date=20260101T000000Z&X-Goog-Expires=600&X-Goog-SignedHeaders=host&X-Goog-Signature=${SIGNATURE}`,
  `https://d111111abcdef8.cloudfront.net/m.onnx?${CLOUDFRONT}`,
];
const withoutQuery = [
  'https://assets.example.com/models/v1.2.0/encoder/model.onnx',
  'https://app.example.com/',
  'https://app.example.com/assets/index-C2xQ1a.js',
  'https://fonts.example.com/s/inter/v18/latin.woff2',
  'https://files.example.org/packages/ab/cd/numpy-2.2.5-cp313-cp313-pyodide_2025_0_wasm32.whl',
];
const lists = {
  mixed: [
    ...withoutQuery,
    ...signed,
    'https://huggingface.co/onnx-community/whisper-base/resolve/main/onnx/encoder_model.onnx',
    'https://huggingface.co/org/model/resolve/refs%2Fpr%2F1/model.onnx?download=true',
    'https://cdn.jsdelivr.net/pyodide/v314.0.7/full/pyodide.asm.wasm',
    'https://cdn.jsdelivr.net/npm/onnxruntime-web@1.30.0/dist/ort-wasm-simd-threaded.wasm?v=2',
    'https://assets.example.com/model.onnx?v=3&locale=en-us',
  ],
  signed,
  'without-query': withoutQuery,
};

const ways = {
  holdfast: stableKey,
  none: (url: string): string => new URL(url).href,
  'hand-written': (url: string): string => url.split('?')[0] ?? '',
};
type Way = keyof typeof ways;

/** The characters of all keys. They are counted so that no engine can skip the work. */
let characters = 0;

function time(way: (url: string) => string, urls: readonly string[]): number {
  const start = performance.now();
  for (let count = 0; count < KEYS_PER_RUN; count++) {
    characters += way(urls[count % urls.length] ?? '').length;
  }
  return performance.now() - start;
}

function measure(urls: readonly string[]): Record<Way, number> {
  const times: Record<Way, number[]> = {holdfast: [], none: [], 'hand-written': []};
  const names = Object.keys(ways) as Way[];
  for (const name of names) {
    for (let warmUp = 0; warmUp < 5; warmUp++) {
      time(ways[name], urls);
    }
  }
  for (let run = 0; run < RUNS; run++) {
    for (const name of names) {
      times[name].push(time(ways[name], urls));
    }
  }
  return {
    holdfast: median(times.holdfast),
    none: median(times.none),
    'hand-written': median(times['hand-written']),
  };
}

const figures = Object.fromEntries(
  Object.entries(lists).map(([list, urls]) => {
    const times = measure(urls);
    const nanoseconds = (name: Way): number => round((times[name] / KEYS_PER_RUN) * 1e6);
    return [
      list,
      {
        unit: 'ns',
        median: {
          holdfast: nanoseconds('holdfast'),
          none: nanoseconds('none'),
          'hand-written': nanoseconds('hand-written'),
        },
        ratio: {
          none: round(times.holdfast / times.none),
          'hand-written': round(times.holdfast / times['hand-written']),
        },
        keysPerSecond: Math.round(KEYS_PER_RUN / (times.holdfast / 1000)),
      },
    ];
  }),
);

console.log(
  `Time of one key, median of ${RUNS} interleaved runs of ${KEYS_PER_RUN} keys (${characters} characters in total)\n`,
);
console.table(
  Object.fromEntries(
    Object.entries(figures).map(([list, {median, ratio, keysPerSecond}]) => [
      list,
      {
        'holdfast ns': median.holdfast,
        'none ns': median.none,
        'hand-written ns': median['hand-written'],
        '÷ none': ratio.none,
        '÷ hand-written': ratio['hand-written'],
        'keys/s': keysPerSecond,
      },
    ]),
  ),
);
console.log(JSON.stringify({bench: 'stable-key', runs: RUNS, figures}));
