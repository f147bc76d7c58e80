import {followStages} from '@holdfast/window';
import {byId} from './byId.ts';
import {nameOf, type Release, wholeNameOf} from './content.ts';
import {StageBar} from './StageBar.ts';

/**
 * Draws a bar for every release that is being staged or checked: by this page, by the same page before a
 * reload, or by another tab. When a stage ends, its bar stays until the next stage begins. A stage that ends
 * at once has none.
 */
export const showStages = async (releases: readonly Release[]): Promise<void> => {
  const bars = new Map<Release, StageBar>();

  const addBar = (release: Release): StageBar => {
    for (const [other, bar] of bars) {
      if (bar.isOver) {
        bar.element.remove();
        bars.delete(other);
      }
    }
    const bar = new StageBar(nameOf(release));
    bars.set(release, bar);
    byId('stages', HTMLElement).append(bar.element);
    return bar;
  };

  for await (const stage of followStages()) {
    const release = releases.find((one) => wholeNameOf(one) === stage.line && one.version === stage.version);
    let bar = release && bars.get(release);
    if (release && stage.state === 'running' && (!bar || bar.isOver)) {
      bar = addBar(release);
    }
    bar?.draw(stage);
  }
};
