"""The fakes of both connectors."""

from viche_connector_meta.fake_facebook import FacebookFake
from viche_connector_meta.fake_instagram import InstagramFake

FAKES = {"facebook": FacebookFake, "instagram": InstagramFake}
