{{/* What the whole pod is held to: no root, the group that its files belong to. */}}
{{- define "viche.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* What each container is held to: the "restricted" standard of Kubernetes, and no file that it could change. */}}
{{- define "viche.containerSecurity" -}}
allowPrivilegeEscalation: false
capabilities:
  drop: [ALL]
readOnlyRootFilesystem: true
runAsGroup: 10001
runAsNonRoot: true
runAsUser: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/*
What all pods have in common: account, links, placement, security, Secrets for pulling.
Takes root, account (of Kubernetes) and, where a service says something of its own, own (its values).
*/}}
{{- define "viche.podBasics" -}}
{{- $pods := .root.Values.pods -}}
{{- $own := .own | default dict -}}
serviceAccountName: {{ .account }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "viche.podSecurity" . | nindent 2 }}
{{- with $own.priorityClassName | default $pods.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $pods.runtimeClassName }}
runtimeClassName: {{ . }}
{{- end }}
{{- with $own.nodeSelector | default $pods.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.tolerations | default $pods.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $own.affinity | default $pods.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* Replicas spread over topologies, each version by itself. Takes root and component. */}}
{{- define "viche.spread" -}}
{{- range .root.Values.pods.spreadOver }}
- maxSkew: 1
  topologyKey: {{ . }}
  whenUnsatisfiable: {{ $.root.Values.pods.spreadWhenUnsatisfiable }}
  labelSelector:
    matchLabels:
      {{- include "viche.selectorLabels" $ | nindent 6 }}
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end }}

{{/* Labels of pods: those of the component, of all pods and of its own. Takes root, component and own (values). */}}
{{- define "viche.podLabels" -}}
{{- $labels := include "viche.selectorLabels" . | fromYaml -}}
{{- $labels = merge $labels (dict "app.kubernetes.io/version" .root.Chart.AppVersion) -}}
{{- $own := .own | default dict -}}
{{- merge $labels ($own.labels | default dict) .root.Values.pods.labels .root.Values.commonLabels | toYaml -}}
{{- end }}

{{/*
Annotations of pods: of all, of its own, and what replaces them when files or keys change.
Takes root, component and own (values).
*/}}
{{- define "viche.podAnnotations" -}}
{{- $own := .own | default dict -}}
{{- $files := include "viche.filesOf" . -}}
{{- with merge (dict) ($own.annotations | default dict) .root.Values.pods.annotations }}
{{ toYaml . }}
{{- end }}
{{- with .root.Values.keys.revision }}
viche/keys-revision: {{ . | quote }}
{{- end }}
{{- with $files }}
checksum/files: {{ . | sha256sum }}
{{- end }}
{{- end }}

{{/*
The volumes of a process, as a YAML list of those of the pod.
Takes root and component.
*/}}
{{- define "viche.volumes" -}}
{{- $values := .root.Values -}}
{{- $fullname := include "viche.fullname" .root -}}
- name: tmp
  emptyDir:
    sizeLimit: {{ $values.pods.tmpSize }}
- name: keys
  secret:
    secretName: {{ printf "%s-keys-%s" $values.keys.prefix .component }}
    defaultMode: 0440
    {{- if eq .component "cli" }}
    items: [{key: service.pem, path: cli.pem}]
    {{- end }}
{{- if not (has .component (list "cli" "gateway")) }}
- name: public-keys
  secret:
    secretName: {{ printf "%s-public-keys" $values.keys.prefix }}
    defaultMode: 0440
{{- end }}
{{- if eq .component "identity" }}
- name: signing-keys
  secret:
    secretName: {{ printf "%s-signing-keys" $values.keys.prefix }}
    defaultMode: 0440
{{- with $values.providers.existingSecret }}
- name: providers
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- end }}
{{- if and (has .component (list "gateway" "notifications")) (include "viche.hasBrand" .root) }}
- name: brand
  configMap:
    name: {{ $values.region.brand.existingConfigMap | default (printf "%s-brand" $fullname) }}
{{- end }}
{{- if eq .component "social" }}
{{- with $values.connectors.existingSecret }}
- name: connectors
  secret:
    secretName: {{ . }}
    defaultMode: 0440
{{- end }}
{{- if include "viche.hasOfficeWords" .root }}
- name: office-words
  configMap:
    name: {{ $values.region.officeWords.existingConfigMap | default (printf "%s-office-words" $fullname) }}
{{- end }}
{{- end }}
{{- if and $values.objects.folder.enabled (has .component (include "viche.objectUsers" . | fromYamlArray)) }}
- name: objects
  persistentVolumeClaim:
    claimName: {{ $values.objects.folder.existingClaim | default (printf "%s-objects" $fullname) }}
{{- end }}
{{- include "viche.sharedVolumes" . }}
{{- end }}

{{/* Volumes that connectors have as well: authorities of certificates, plugins. Takes root and component. */}}
{{- define "viche.sharedVolumes" -}}
{{- with .root.Values.certificates.existingConfigMap }}
- name: certificates
  configMap:
    name: {{ . }}
{{- end }}
{{- if include "viche.fetchesPlugins" . }}
- name: plugins
  emptyDir:
    sizeLimit: 512Mi
{{- end }}
{{- end }}

{{/* Where a process finds its volumes. Takes root and component. */}}
{{- define "viche.mounts" -}}
{{- $values := .root.Values -}}
- {name: tmp, mountPath: /tmp}
- {name: keys, mountPath: /etc/viche/keys, readOnly: true}
{{- if not (has .component (list "cli" "gateway")) }}
- {name: public-keys, mountPath: /etc/viche/public, readOnly: true}
{{- end }}
{{- if eq .component "identity" }}
- {name: signing-keys, mountPath: /etc/viche/signing, readOnly: true}
{{- if $values.providers.existingSecret }}
- {name: providers, mountPath: /etc/viche/providers, readOnly: true}
{{- end }}
{{- end }}
{{- if and (has .component (list "gateway" "notifications")) (include "viche.hasBrand" .root) }}
- {name: brand, mountPath: /etc/viche/brand, readOnly: true}
{{- end }}
{{- if eq .component "social" }}
{{- if $values.connectors.existingSecret }}
- {name: connectors, mountPath: /etc/viche/connectors, readOnly: true}
{{- end }}
{{- if include "viche.hasOfficeWords" .root }}
- {name: office-words, mountPath: /etc/viche/office-words, readOnly: true}
{{- end }}
{{- end }}
{{- if and $values.objects.folder.enabled (has .component (include "viche.objectUsers" . | fromYamlArray)) }}
- {name: objects, mountPath: /var/lib/viche/objects}
{{- end }}
{{- include "viche.sharedMounts" . }}
{{- end }}

{{/* Where a process finds what connectors have as well. Takes root and component. */}}
{{- define "viche.sharedMounts" -}}
{{- if .root.Values.certificates.existingConfigMap }}
- {name: certificates, mountPath: /etc/viche/certificates, readOnly: true}
{{- end }}
{{- if include "viche.fetchesPlugins" . }}
- {name: plugins, mountPath: /opt/viche-plugins, readOnly: true}
{{- end }}
{{- end }}

{{/* Whether there is a file of names and looks; empty for no. Takes the root. */}}
{{- define "viche.hasBrand" -}}
{{- if or .Values.region.brand.toml .Values.region.brand.existingConfigMap }}yes{{ end -}}
{{- end }}

{{/* Whether there is a file of words to avoid; empty for no. Takes the root. */}}
{{- define "viche.hasOfficeWords" -}}
{{- if or .Values.region.officeWords.toml .Values.region.officeWords.existingConfigMap }}yes{{ end -}}
{{- end }}

{{/* Whether a component fetches wheels when it starts; empty for no. Takes root and component. */}}
{{- define "viche.fetchesPlugins" -}}
{{- $users := list "petitions" "social" "cli" -}}
{{- if and .root.Values.plugins.install (or (has .component $users) (hasPrefix "connector" .component)) }}yes{{ end -}}
{{- end }}

{{/* What stands in the chart's own files that a component reads; a checksum is made of it. Takes root and component. */}}
{{- define "viche.filesOf" -}}
{{- $region := .root.Values.region -}}
{{- if and (has .component (list "gateway" "notifications")) (not $region.brand.existingConfigMap) $region.brand.toml -}}
{{- pick $region.brand "toml" "files" "binaryFiles" | toJson -}}
{{- end -}}
{{- if and (eq .component "social") (not $region.officeWords.existingConfigMap) $region.officeWords.toml -}}
{{- $region.officeWords.toml -}}
{{- end -}}
{{- end }}
