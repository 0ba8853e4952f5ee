/** The admin's area: its navigation, and the panel that is open, if the reader may see it. */
import { Box, Stack } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useMe } from '../../api/session';
import type { Me } from '../../api/types';
import { NotFound } from '../../app/Shell';
import { Icon } from '../../parts/icons';
import { LoadingRows } from '../../parts/Loading';
import { NotPermitted } from '../../parts/NotPermitted';
import { mayOpen, PANELS } from './panels';

const route = getRouteApi('/signed-in/admin/$panel');

export function AdminPage() {
  const { panel: path } = route.useParams();
  const me = useMe();
  const panel = PANELS.find((one) => one.path === path);
  return (
    <Box className="admin">
      <Navigation me={me.data} />
      <Box miw={0}>
        {panel === undefined && <NotFound />}
        {panel !== undefined && !mayOpen(me.data, panel) && (
          <NotPermitted what={panel.name} role={panel.role ?? 'viewer'} />
        )}
        {panel !== undefined && mayOpen(me.data, panel) && (
          <Suspense fallback={<LoadingRows of={panel.name} />}>
            <panel.component />
          </Suspense>
        )}
      </Box>
    </Box>
  );
}

function Navigation({ me }: { me: Me | null | undefined }) {
  return (
    <Stack component="nav" aria-label="Admin" gap={2} className="side-nav">
      {PANELS.map((panel) => (
        <Link
          key={panel.path}
          to="/admin/$panel"
          params={{ panel: panel.path }}
          className="side-link"
        >
          {panel.name}
          {!mayOpen(me, panel) && <Icon name="lock" size={13} />}
        </Link>
      ))}
    </Stack>
  );
}
