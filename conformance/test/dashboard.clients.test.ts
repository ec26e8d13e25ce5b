// The web dashboards of Apache Flink in front of our server: every page that the engine has facts for shows them, and none complains.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DashboardPage, openDashboard } from '../clients/dashboard-page.ts';
import { type DashboardServer, startDashboard } from '../clients/dashboard-server.ts';
import { askJson, startStateMachine, stateOf, until } from '../clients/jobs.ts';
import { type OwnServer, startOwnServer } from '../own-server.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Set to a folder: what the pages look like. */
const screenshots = process.env.YEOUL_SCREENSHOTS;

type Expected = readonly (string | RegExp)[];

const SOURCE = 'Source: Custom Source';
const MAP = 'Flat Map -> Sink: Print to Std. Out';
/** Records of both vertices: received by the second what the first sent. */
const RECORDS = [/Source: Custom Source RUNNING 0 B 0 \S+ \S+ [1-9]/, /Std\. Out RUNNING \S+ \S+ [1-9][\d,]* 0 B 0 /];

const jobPages: readonly [route: string, expected: Expected][] = [
  ['overview', ['State machine job', SOURCE, MAP, 'HASH', 'Parallelism: 1', ...RECORDS]],
  ['timeline', ['Vertex TimeLine', 'State machine job']],
  ['exceptions', ['No Root Exception']],
  ['checkpoints', [/Triggered: [1-9]/, /Completed: [1-9]/, /chk-\d+/, MAP, '1/1 (100%)', /\d+(\.\d+)? KB/]],
  ['configuration', ['Execution Configuration', 'Job parallelism']],
];

const vertexPages: readonly [route: string, expected: Expected][] = [
  ['detail', [MAP, /Records Received/]],
  ['subtasks', [/RUNNING/, /Attempt/]],
  ['taskmanagers', ['RUNNING']],
  ['watermarks', ['No Watermark']],
  ['accumulators', ['SubTask Accumulators']],
  ['backpressure', ['Back Pressure Status', 'OK']],
];

const checkpointTabs: readonly [tab: string, expected: RegExp][] = [
  ['History', /COMPLETED 2\/2/],
  ['Summary', /(Maximum|Max) [1-9]/i],
  ['Configuration', /Interval 2s/],
];

const versions = [
  { version: '1.9', runningPrefix: '/job', isLater: false, tolerated: [] },
  { version: '1.20', runningPrefix: '/job/running', isLater: true, tolerated: [] },
  { version: '2.3', runningPrefix: '/job/running', isLater: true, tolerated: [] },
] as const;

describe.each(versions)('the dashboard of Apache Flink $version', ({ version, runningPrefix, isLater, tolerated }) => {
  const work = mkdtempSync(join(tmpdir(), 'yeoul-dashboard-'));
  let server: OwnServer;
  let files: DashboardServer;
  let dashboard: DashboardPage;
  let jobId: string;

  beforeAll(async () => {
    server = await startOwnServer(root, work);
    files = await startDashboard(version, server.target.url);
    dashboard = await openDashboard(files.url, tolerated);
    jobId = await startStateMachine(server.target);
  });

  afterAll(async () => {
    await dashboard?.close();
    await files?.close();
    await server?.stop();
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  });

  async function expectPage(route: string, ...expected: Expected): Promise<void> {
    await dashboard.open(route);
    await expectHere(route, ...expected);
  }

  async function expectHere(name: string, ...expected: Expected): Promise<void> {
    try {
      await dashboard.shows(...expected);
    } finally {
      await takeScreenshot(name);
    }
    expect(dashboard.takeProblems()).toEqual([]);
  }

  async function takeScreenshot(name: string): Promise<void> {
    if (screenshots === undefined) return;
    mkdirSync(screenshots, { recursive: true });
    const file = `${version}${name.replaceAll(jobId, 'job').replaceAll(/[^a-z0-9]+/gi, '-')}.png`;
    await dashboard.page.screenshot({ path: join(screenshots, file) });
  }

  test('overview and the list of running jobs', async () => {
    // From 2.3 on the overview lists applications, which have the names of their jobs.
    await expectPage(
      '/overview',
      '1.9.1',
      'Available Task Slots',
      /Total Task Slots ?4/,
      'State machine job',
      'RUNNING',
    );
    await expectPage('/job/running', 'Running Jobs', 'State machine job', 'RUNNING');
    if (version !== '2.3') return;
    await expectPage('/application/running', 'Running Applications', 'State machine job', 'RUNNING');
    await expectPage(`/application/running/${jobId}`, 'State machine job', jobId, 'RUNNING');
  });

  test.each(jobPages)('of a running job: %s', async (route, expected) => {
    await expectPage(`${runningPrefix}/${jobId}/${route}`, ...expected);
  });

  test('checkpoints: history, summary, configuration', async () => {
    await expectPage(`${runningPrefix}/${jobId}/checkpoints`, /Completed: [1-9]/);
    const tabs = dashboard.page.locator('flink-job-checkpoints .ant-tabs-tab');
    for (const [tab, expected] of checkpointTabs) {
      await tabs.filter({ hasText: tab }).first().click();
      await expectHere(`checkpoints-${tab}`, expected);
    }
  });

  test('of a vertex: details, subtasks, task managers, watermarks, accumulators, back pressure', async () => {
    const route = `${runningPrefix}/${jobId}/overview/${await findVertex()}`;
    for (const [page, expected] of vertexPages) await expectPage(`${route}/${page}`, ...expected);
    // Where it runs: later versions ask for the endpoint.
    if (isLater) await expectPage(`${route}/subtasks`, /localhost:\d+/);
  });

  test('of a vertex: a chart of a metric', async () => {
    await expectPage(`${runningPrefix}/${jobId}/overview/${await findVertex()}/metrics`, /Metric/);
    const { page } = dashboard;
    await page.locator('flink-job-overview-drawer-chart .ant-select').click();
    const option = page.locator('.ant-select-dropdown-menu-item, .ant-select-item-option');
    await option.filter({ hasText: 'numRecordsIn' }).first().click();
    await page.locator('flink-job-overview-drawer-chart canvas, flink-metric-card canvas').first().waitFor();
    await expectHere('metric-chart', 'numRecordsIn');
  });

  test('task managers: list, metrics, log, output', async () => {
    const { taskmanagers } = (await askJson(`${files.url}/taskmanagers`)) as {
      taskmanagers: readonly { id: string }[];
    };
    const id = taskmanagers[0]?.id ?? '';
    await expectPage('/task-manager', 'Task Managers', id, /20\d\d-\d\d-\d\d|2\d-\d\d-\d\d/);
    await expectPage(`/task-manager/${id}/metrics`, /Heap [1-9]/, 'Non-Heap');
    await expectPage(`/task-manager/${id}/logs`, /INFO/);
    await expectPage(`/task-manager/${id}/stdout`);
    if (!isLater) return;
    await expectPage(`/task-manager/${id}/log-list`, /yeoul-\w+\.log/);
    await expectPage(`/task-manager/${id}/thread-dump`, /RUNNABLE|WAITING/);
  });

  test('the job manager: configuration, log, output', async () => {
    await expectPage('/job-manager/config', 'taskmanager.numberOfTaskSlots', 'state.backend');
    await expectPage('/job-manager/logs', /INFO/);
    await expectPage('/job-manager/stdout');
    if (!isLater) return;
    await expectPage('/job-manager/metrics', /Heap [1-9]/);
    await expectPage('/job-manager/log', /yeoul-\w+\.log/);
    await expectPage('/job-manager/thread-dump', 'RUNNABLE');
  });

  test('a job is uploaded, its plan shown, submitted, cancelled, and is then among the completed ones', async () => {
    const { page } = dashboard;
    await expectPage('/submit', 'Uploaded Jars', 'state-machine.jar', 'StateMachineExample');
    await page.locator('input[type=file]').setInputFiles(server.target.programs['word-count']?.jar ?? '');
    await dashboard.shows('word-count.jar');
    await page.locator('tbody tr').filter({ hasText: 'state-machine.jar' }).first().click();
    await page.locator('input[formcontrolname=programArgs]:visible').first().fill('--sleep 1');
    await page.locator('button:visible').filter({ hasText: 'Show Plan' }).first().click();
    // From 2.3 on a plan that is not running is drawn without names: its nodes have no job_vertex_id.
    await expectHere('plan', 'Plan Visualization', 'HASH', ...(version === '2.3' ? ['Parallelism: 1'] : [SOURCE, MAP]));
    // It slides in meanwhile: a click may miss.
    const drawer = page.locator('.ant-drawer-open');
    const closeDrawer = async () => {
      const click = drawer.locator('.ant-drawer-close').first().click({ force: true, timeout: 1000 });
      await click.catch(() => undefined);
      return (await drawer.count()) === 0;
    };
    await until(closeDrawer, 'the drawer with the plan is closed');
    await page.locator('button:visible').filter({ hasText: 'Submit' }).first().click();
    await page.waitForURL(/[0-9a-f]{32}/);
    const submitted = /[0-9a-f]{32}/.exec(page.url())?.[0] ?? '';
    await expectHere('submitted', SOURCE, 'RUNNING', 'Cancel Job');
    await page.getByText('Cancel Job').click();
    await page.locator('.ant-popover button.ant-btn-primary, .ant-modal button.ant-btn-primary').first().click();
    await until(async () => (await stateOf(server.target, submitted)) === 'CANCELED', `job ${submitted} is cancelled`);
    await expectPage('/job/completed', 'Completed Jobs', 'State machine job', 'CANCELED');
    const completed = isLater ? '/job/completed' : '/job';
    await expectPage(`${completed}/${submitted}/overview`, 'CANCELED', SOURCE, MAP);
    await expectPage(`${completed}/${submitted}/checkpoints`, /Triggered: \d/);
  });

  async function findVertex(): Promise<string> {
    const { vertices } = (await askJson(`${files.url}/jobs/${jobId}`)) as {
      vertices: readonly { id: string; name: string }[];
    };
    return vertices.find(({ name }) => name.startsWith('Flat Map'))?.id ?? '';
  }
});
