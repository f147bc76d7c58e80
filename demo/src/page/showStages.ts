import {progress} from '@holdfast/window';
import {byId} from './byId.ts';
import {lineOf, nameOf, type Release} from './content.ts';
import {StageBar} from './StageBar.ts';

/**
 * Draws a bar for every release that is being brought in or checked, whoever has begun that: this page, the same one
 * before it was reloaded, or another tab. A bar stays when its stage has ended, until the next one begins. What is over at
 * once has none.
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

  for await (const stage of progress()) {
    const release = releases.find((one) => lineOf(one) === stage.line && one.version === stage.version);
    let bar = release && bars.get(release);
    if (release && stage.state === 'running' && (!bar || bar.isOver)) {
      bar = addBar(release);
    }
    bar?.draw(stage);
  }
};
