import type {LaneReport} from '../../race/laneReport.ts';

/** Opens a page of the race in its frame. Resolves to what it reports, or to a failure if it does not open. */
export const openLane = (frame: HTMLIFrameElement, url: string): Promise<LaneReport> =>
  new Promise((resolve) => {
    const over = new AbortController();
    const {signal} = over;
    const end = (outcome: LaneReport): void => {
      over.abort();
      resolve(outcome);
    };
    addEventListener(
      'message',
      ({data, source}: MessageEvent<LaneReport>) => {
        if (source === frame.contentWindow) {
          end(data);
        }
      },
      {signal},
    );
    frame.addEventListener(
      'load',
      () => {
        // The browser's own error page belongs to no origin.
        if (!frame.contentDocument) {
          end({type: 'failed', message: 'The page did not open.'});
        }
      },
      {signal},
    );
    frame.src = url;
  });
