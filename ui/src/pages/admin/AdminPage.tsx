/** The admin's area: its navigation, and the panel that is open, if the reader may see it. */
import { Box, Stack, VisuallyHidden } from '@mantine/core';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { Suspense, useEffect, useRef } from 'react';
import { useMe } from '../../api/session';
import type { Me } from '../../api/types';
import { Icon } from '../../parts/icons';
import { LoadingRows } from '../../parts/Loading';
import { NotPermitted } from '../../parts/NotPermitted';
import { mayOpen, PANELS } from './panels';

export function AdminPage() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const me = useMe();
  const panel = PANELS.find(({ to }) => path === to || path.startsWith(`${to}/`));
  return (
    <Box className="admin">
      <Navigation me={me.data} path={path} />
      <Box miw={0}>
        {panel?.closed !== undefined && !mayOpen(me.data, panel) ? (
          <NotPermitted {...panel.closed} />
        ) : (
          <Suspense fallback={<LoadingRows of={panel?.name ?? 'the page'} />}>
            <Outlet />
          </Suspense>
        )}
      </Box>
    </Box>
  );
}

function Navigation({ me, path }: { me: Me | null | undefined; path: string }) {
  const bar = useRef<HTMLDivElement>(null);
  // On a phone the panels stand in a row that is longer than the screen.
  useEffect(() => {
    const open = bar.current?.querySelector<HTMLElement>('.active');
    if (open) bar.current?.scrollTo?.({ left: open.offsetLeft - bar.current.offsetLeft - 40 });
  }, [path]);
  return (
    <Stack ref={bar} component="nav" aria-label="Admin" gap={2} className="side-nav">
      {PANELS.map((panel) => (
        <Link
          key={panel.to}
          to={panel.to}
          className="side-link"
          activeOptions={{ includeSearch: false }}
        >
          {panel.name}
          {!mayOpen(me, panel) && (
            <>
              <Icon name="lock" size={13} />
              <VisuallyHidden>, not for your role</VisuallyHidden>
            </>
          )}
        </Link>
      ))}
    </Stack>
  );
}
