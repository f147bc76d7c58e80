import {readOrigins} from '../readOrigins.ts';
import {showAlert, showUnexpectedErrors} from './alert.ts';
import {byId} from './byId.ts';
import {lineOf, readContent} from './content.ts';
import {setUpEventLog} from './eventLog.ts';
import {LoadHistory} from './LoadHistory.ts';
import {setUpModelCard} from './modelCard.ts';
import {showNetworkState} from './networkState.ts';
import {OnnxRuntime} from './OnnxRuntime.ts';
import {setUpOfflineCard} from './offlineCard.ts';
import {setUpOpaqueCard} from './opaqueCard.ts';
import {setUpPersistButton} from './persistButton.ts';
import {setUpPythonCard} from './pythonCard.ts';
import {chooseRelease, markStoredReleases, showReleaseChoices} from './releaseChoices.ts';
import {showLoads} from './showLoads.ts';
import {showStorage} from './storagePanel.ts';
import {onWorkerEvent} from './workerEvents.ts';
import {setUpWorkerSwitch} from './workerSwitch.ts';

/** Runs an action when it has not been asked for again for a moment: events come in crowds. */
const calmed = (action: () => void, milliseconds = 250): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
};

const start = async (): Promise<void> => {
  const origins = readOrigins();
  const history = new LoadHistory(showLoads);
  showNetworkState();
  setUpEventLog();
  setUpOfflineCard(origins);
  setUpOpaqueCard(origins);
  const content = await readContent();
  const {id, releases} = content.bucket;
  showReleaseChoices(releases);

  const refresh = async () => {
    const stored = await showStorage();
    markStoredReleases(releases, stored);
    return stored;
  };
  const refreshSoon = calmed(() => void refresh());

  // From here on every request goes through the worker, also on the first visit.
  await setUpWorkerSwitch(refreshSoon);
  onWorkerEvent(refreshSoon);
  byId('storage-refresh', HTMLButtonElement).addEventListener('click', refreshSoon);

  const stored = await refresh();
  const current = releases.findIndex((release) =>
    stored.some(({line, current}) => line === lineOf(release) && current === release.version),
  );
  chooseRelease(Math.max(current, 0));

  setUpModelCard({
    releases,
    bucketUrl: `${origins.hub}/buckets/${id}`,
    runtime: new OnnxRuntime(origins.jsdelivr, history),
    history,
  });
  setUpPythonCard(origins.jsdelivr, history);
  await setUpPersistButton();
};

showUnexpectedErrors();
start().catch(showAlert);
