/** What stands where a page broke or did not load: why, and the ways on. */
import { Container, Text } from '@mantine/core';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { AppLink } from '../parts/AppLink';
import { Problem } from '../parts/Problem';
import { useTitle } from './title';

export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  useTitle('This page could not be shown');
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <Container size="sm" py="xl">
      <Problem error={error} what="This page" retry={again} />
      <Text mt="sm">
        <AppLink to="/" underline="always">
          To the overview
        </AppLink>
      </Text>
    </Container>
  );
}
