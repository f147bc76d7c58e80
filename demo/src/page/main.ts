import {readOrigins} from '../readOrigins.ts';
import {showAlert, showUnexpectedErrors} from './alert.ts';
import {byId} from './byId.ts';
import {readContent} from './content.ts';
import {setUpEventLog} from './eventLog.ts';
import {setUpExplainBox} from './explainBox.ts';
import {LoadHistory} from './LoadHistory.ts';
import {setUpLargeFileCard} from './largeFileCard.ts';
import {markReleaseActions} from './markReleaseActions.ts';
import {setUpModelCard} from './modelCard.ts';
import {showNetworkState} from './networkState.ts';
import {OnnxRuntime} from './OnnxRuntime.ts';
import {setUpOfflineCard} from './offlineCard.ts';
import {setUpOpaqueCard} from './opaqueCard.ts';
import {setUpPersistButton} from './persistButton.ts';
import {setUpPythonCard} from './pythonCard.ts';
import {setUpRace} from './race/setUpRace.ts';
import {chooseRelease, markStoredReleases, showReleaseChoices} from './releaseChoices.ts';
import {showLoads} from './showLoads.ts';
import {showStages} from './showStages.ts';
import {showStorage} from './storagePanel.ts';
import {type StoredLines, storedLine} from './storedRelease.ts';
import {setUpUsagePanel} from './usagePanel.ts';
import {isProgress, onWorkerEvent} from './workerEvents.ts';
import {setUpWorkerSwitch} from './workerSwitch.ts';

/** Runs an action once no more calls come for a moment: events arrive in bursts. */
const debounced = (action: () => void, milliseconds = 250): (() => void) => {
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
  await setUpRace();
  setUpEventLog();
  setUpOfflineCard(origins);
  setUpOpaqueCard(origins);
  const content = await readContent();
  const {id, releases} = content.bucket;
  showReleaseChoices(releases);

  let stored: StoredLines = [];
  const markActions = (): void => markReleaseActions(releases, stored);
  const refresh = async (): Promise<void> => {
    stored = (await showStorage()) ?? stored;
    markStoredReleases(releases, stored);
    markActions();
    // The worker compares its ledger with what is stored first, and nothing waits for that.
    void showUsage();
    await markLargeFile();
  };
  const refreshSoon = debounced(() => void refresh());
  const showUsage = setUpUsagePanel();
  const markLargeFile = setUpLargeFileCard(origins, history, refreshSoon);

  // From here on, every request goes through the worker, also on a first visit.
  await setUpWorkerSwitch(refreshSoon);
  onWorkerEvent((event) => {
    if (!isProgress(event)) {
      refreshSoon();
    }
  });
  void showStages(releases);
  byId('storage-refresh', HTMLButtonElement).addEventListener('click', refreshSoon);
  byId('release-choices', HTMLElement).addEventListener('change', markActions);

  await refresh();
  const current = releases.findIndex((release) => storedLine(stored, release)?.current === release.version);
  chooseRelease(Math.max(current, 0));
  markActions();

  setUpModelCard({
    releases,
    bucketUrl: `${origins.hub}/buckets/${id}`,
    runtime: new OnnxRuntime(origins.jsdelivr, history),
    history,
    say: (sentence) => {
      byId('load-status', HTMLElement).textContent = sentence;
    },
  });
  setUpPythonCard(origins.jsdelivr, history);
  setUpExplainBox(origins, () => {
    const release = releases.find((one) => storedLine(stored, one)?.current === one.version) ?? releases[0];
    return `${origins.hub}/buckets/${id}/resolve/${release?.files[0]?.path}`;
  });
  await setUpPersistButton();
};

showUnexpectedErrors();
start().catch(showAlert);
