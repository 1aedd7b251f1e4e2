import Alert from '@cloudscape-design/components/alert';
import AppLayout from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup from '@cloudscape-design/components/breadcrumb-group';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { Outlet, useLocation, useMatches } from 'react-router';
import { useConnection } from '../api/connection.ts';
import { ageText } from '../ui/duration-text.ts';
import { PanelContext, type PanelState } from '../ui/LowerPanel.tsx';
import { useFollow } from '../ui/use-follow.ts';
import { useNow } from '../ui/use-now.ts';
import { crumbsOf, type Crumb } from './crumbs.ts';
import { paths } from './paths.ts';
import { TopBar } from './TopBar.tsx';

/** Only pages with something to look at closely need it. */
const SplitPanel = lazy(() => import('@cloudscape-design/components/split-panel'));

const HEADER_ID = 'top-bar';
const PANEL_HEIGHT = 320;

/** What surrounds every page: bar, navigation, crumbs, notices and the lower panel. */
export function Frame() {
  const follow = useFollow();
  const { online } = useConnection();
  const crumbs = crumbsOf(useMatches());
  const [navigationOpen, setNavigationOpen] = useState(() => innerWidth > 1200);
  const [panelSize, setPanelSize] = useState(PANEL_HEIGHT);
  const [panel, setPanel] = useState<PanelState>();
  const [panelElement, setPanelElement] = useState<HTMLElement | null>(null);
  const slot = useMemo(() => ({ element: panelElement, show: setPanel }), [panelElement]);
  useTitle(crumbs);
  return (
    <PanelContext value={slot}>
      <div id={HEADER_ID}>
        <TopBar />
      </div>
      <AppLayout
        headerSelector={`#${HEADER_ID}`}
        toolsHide
        maxContentWidth={1720}
        navigationOpen={navigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        navigationWidth={220}
        navigation={<Navigation />}
        breadcrumbs={
          <BreadcrumbGroup
            ariaLabel="Breadcrumbs"
            items={crumbs.map((crumb) => ({ ...crumb }))}
            onFollow={follow}
          />
        }
        notifications={<OfflineNotice />}
        splitPanelOpen={panel !== undefined}
        onSplitPanelToggle={() => panel?.onClose()}
        splitPanelSize={panelSize}
        onSplitPanelResize={({ detail }) => setPanelSize(detail.size)}
        splitPanelPreferences={{ position: 'bottom' }}
        // The panel stays below: beside the graph there is no room for it.
        onSplitPanelPreferencesChange={() => {}}
        splitPanel={
          panel === undefined ? undefined : (
            <Suspense fallback={null}>
              <SplitPanel header={panel.title} closeBehavior="hide" hidePreferencesButton>
                <div ref={setPanelElement} />
              </SplitPanel>
            </Suspense>
          )
        }
        content={
          // What cannot be read again stays to be read, but looks like what it is.
          <div className={online ? undefined : 'stale-page'}>
            <Outlet />
          </div>
        }
      />
    </PanelContext>
  );
}

function Navigation() {
  const follow = useFollow();
  const { pathname } = useLocation();
  const sections = [paths.applications, paths.targets, paths.access, paths.audit];
  const activeHref = sections.find((path) => pathname.startsWith(path)) ?? paths.deployments;
  return (
    <SideNavigation
      activeHref={activeHref}
      onFollow={follow}
      items={[
        { type: 'link', text: 'Deployments', href: paths.deployments },
        { type: 'link', text: 'Applications', href: paths.applications },
        { type: 'link', text: 'Targets', href: paths.targets },
        { type: 'link', text: 'Access', href: paths.access },
        { type: 'link', text: 'Audit', href: paths.audit },
        { type: 'divider' },
        {
          type: 'link',
          text: 'API description',
          href: '/api/v1/openapi.json',
          external: true,
          externalIconAriaLabel: 'Opens in a new tab',
        },
      ]}
    />
  );
}

/** One notice for all that cannot be read; pages keep what they had, greyed. */
function OfflineNotice() {
  const { online } = useConnection();
  return online ? null : <Unreachable />;
}

function Unreachable() {
  const { answeredAt } = useConnection();
  const now = useNow();
  const age = answeredAt === undefined ? '' : ` What you see is ${ageText(now - answeredAt)} old.`;
  return (
    <Alert type="error" header="The platform does not answer">
      The console tries again every few seconds.{age}
    </Alert>
  );
}

function useTitle(crumbs: readonly Crumb[]): void {
  const title = [...crumbs.map((crumb) => crumb.text).reverse(), 'Headwater'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
