import {explain} from '@holdfast/window';
import type {DemoOrigins} from '../readOrigins.ts';
import {byId} from './byId.ts';
import {element} from './element.ts';
import {messageOf} from './messageOf.ts';

/** No route of the worker takes it. */
const UNROUTED = 'https://example.com/model.onnx';

/** The worker decides whether to store a file after the page has it. */
const WAIT_MS = 3000;

/** Requests a picture as an `img` does, so that the worker has a reason to report, and waits for that. */
const request = async (url: string): Promise<void> => {
  await fetch(url, {mode: 'no-cors'}).catch(() => undefined);
  const deadline = performance.now() + WAIT_MS;
  while (performance.now() < deadline) {
    const {isControlled, refusal, stored} = await explain(url);
    if (!isControlled || refusal || stored) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};

/**
 * Sets up the box that explains a URL.
 *
 * @param storedUrl returns the URL of a file that is stored, once a release was loaded.
 */
export const setUpExplainBox = ({noCors}: DemoOrigins, storedUrl: () => string): void => {
  const field = byId('explain-url', HTMLInputElement);
  const result = byId('explain-result', HTMLUListElement);
  let latest = '';

  const show = async (url: string): Promise<void> => {
    latest = url;
    const sentences = await explain(url).then(
      (explanation) => explanation.sentences,
      (error) => [messageOf(error)],
    );
    if (url === latest) {
      result.replaceChildren(...sentences.map((sentence) => element('li', {}, sentence)));
    }
  };

  const refused = `${noCors}/image.svg?picture=refused`;
  const wire = (id: string, urlOf: () => string, before?: (url: string) => Promise<void>): void => {
    byId(id, HTMLButtonElement).addEventListener('click', async () => {
      const url = urlOf();
      field.value = url;
      await before?.(url).catch(() => undefined);
      await show(url);
    });
  };
  wire('explain-stored', storedUrl);
  wire('explain-unrouted', () => UNROUTED);
  wire('explain-refused', () => refused, request);

  byId('explain-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void show(field.value.trim());
  });
  field.value = storedUrl();
};
